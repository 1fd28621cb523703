import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { corrupt, type FooterSchema, thriftText } from '../../../parquet/footer.js'
import type { ThriftStruct } from '../../../parquet/thrift-type.js'
import { localSchemas } from '../local-schema.js'
import { quotePath } from '../quote-path.js'
import { streamStatement } from '../run-statement.js'

/** A column of a data file, or a part of one. */
export interface StoredElement {
  readonly name: string
  readonly fieldId: number | undefined
  readonly children: readonly StoredElement[]
}

/** A schema that some of the data files have. */
export interface StoredSchema {
  /** The columns as the Parquet schema has them. */
  readonly elements: readonly StoredElement[]
  /** The types that DuckDB reads them as, in the same order. */
  readonly types: readonly DuckDBType[]
}

const CONTEXT = { sqlCode: 'CorruptData', what: 'The schemas of data files cannot be read' } as const

/** The different schemas of local data files: as a rule one. Reads every footer. */
export async function storedSchemas(connection: DuckDBConnection, paths: readonly string[]): Promise<StoredSchema[]> {
  const different = new Map<string, { readonly path: string; readonly schema: FooterSchema }>()
  for await (const { path, schema } of localSchemas(paths, CONTEXT)) {
    // Two schemas are told apart by their bytes: the tree, and all that tells how DuckDB reads its leaves.
    const key = Buffer.from(schema.bytes).toString('latin1')
    if (!different.has(key)) different.set(key, { path, schema })
  }
  const schemas: StoredSchema[] = []
  for (const { path, schema } of different.values()) {
    const select = `SELECT * FROM read_parquet([${quotePath(path)}], hive_partitioning = false) LIMIT 0`
    const result = await streamStatement(connection, select, CONTEXT)
    schemas.push({ elements: treeOf(schema.elements, path), types: result.columnTypes() })
  }
  return schemas
}

/** @param elements depth first; the first is the root */
function treeOf(elements: readonly ThriftStruct[], path: string): readonly StoredElement[] {
  let next = 0
  const take = (): StoredElement => {
    const element = elements[next++]
    if (element === undefined) throw corrupt(path, 'its schema names more columns than it has')
    const { field_4: name, field_5: count, field_9: id } = element
    const children: StoredElement[] = []
    for (let i = 0; i < Number(count ?? 0); i++) children.push(take())
    return { name: thriftText(name) ?? '', fieldId: typeof id === 'number' ? id : undefined, children }
  }
  return take().children
}
