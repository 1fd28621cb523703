import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { quotePath } from '../quote-path.js'
import { runStatement, streamStatement } from '../run-statement.js'

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
  const files = paths.map(quotePath).join(', ')
  // What tells two schemas apart: the tree, and how DuckDB reads its leaves and takes lists and maps.
  const element = `{n: name, c: coalesce(num_children, 0), i: field_id, t: duckdb_type, a: converted_type, l: logical_type}`
  const sql = `SELECT min(file_name) AS file, to_json(elements) AS elements FROM (
    SELECT file_name, list(${element} ORDER BY column_id) AS elements FROM parquet_schema([${files}]) GROUP BY file_name
  ) GROUP BY elements`
  const schemas: StoredSchema[] = []
  for (const { file, elements } of await runStatement(connection, sql, CONTEXT)) {
    const select = `SELECT * FROM read_parquet([${quotePath(String(file))}], hive_partitioning = false) LIMIT 0`
    const result = await streamStatement(connection, select, CONTEXT)
    schemas.push({ elements: treeOf(JSON.parse(String(elements)) as ElementRow[]), types: result.columnTypes() })
  }
  return schemas
}

/** Name, number of children, field id; and more. */
interface ElementRow {
  readonly n: string
  readonly c: number
  readonly i: number | null
}

/** @param rows depth first; the first is the root */
function treeOf(rows: readonly ElementRow[]): readonly StoredElement[] {
  let next = 0
  const take = (): StoredElement => {
    const { n: name, c: count, i: id } = rows[next++] as ElementRow
    const children: StoredElement[] = []
    for (let i = 0; i < count; i++) children.push(take())
    return { name, fieldId: id ?? undefined, children }
  }
  return take().children
}
