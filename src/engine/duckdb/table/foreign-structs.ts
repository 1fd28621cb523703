import type { DuckDBConnection } from '@duckdb/node-api'
import { type ColumnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructField, StructType } from '../../../schema/data-type.js'
import type { StagedFile } from '../../staging/staged-table.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import type { SourceTable } from './source-table.js'

const CONTEXT = { sqlCode: 'CorruptData', what: 'The schemas of data files cannot be read' } as const

/**
 * Whether a file has a struct of which no field is left in the table, because its columns were dropped and others added. DuckDB refuses to
 * read such a struct as the table's. Only where columns are mapped can fields be dropped.
 */
export async function hasForeignStructs(connection: DuckDBConnection, table: SourceTable): Promise<boolean> {
  if (!mayHaveForeignStructs(table)) return false
  const { columnMapping } = table
  const structs = structColumns(table)
  for (const names of await storedNames(connection, table.files)) {
    for (const [field, types] of structs) {
      const inFile = names.get(storedName(field, columnMapping).toLowerCase())
      if (
        inFile !== undefined &&
        types.some((type) => !type.fields.some((nested) => isStored(nested, columnMapping, inFile)))
      ) {
        return true
      }
    }
  }
  return false
}

/** False where no file can have one: then none needs to be looked at. */
export function mayHaveForeignStructs(table: SourceTable): boolean {
  return table.columnMapping !== 'none' && structColumns(table).size > 0
}

/** The columns that are read and have structs in them, with the types of these. */
function structColumns({ schema, partitionColumns }: SourceTable): Map<StructField, StructType[]> {
  const stored = schema.fields.filter(({ name }) => !partitionColumns.includes(name))
  const structs = stored.map((field) => [field, structsOf(field.dataType)] as const)
  return new Map(structs.filter(([, types]) => types.length > 0))
}

function isStored(field: StructField, mode: ColumnMappingMode, names: ReadonlySet<string>): boolean {
  return names.has(storedName(field, mode).toLowerCase())
}

/** Of each file: the names below each top-level column, in small letters. */
async function storedNames(
  connection: DuckDBConnection,
  files: readonly StagedFile[],
): Promise<Iterable<ReadonlyMap<string, ReadonlySet<string>>>> {
  if (files.length === 0) return []
  const paths = files.map((file) => quotePath(file.localPath)).join(', ')
  const sql = `SELECT file_name, name, coalesce(num_children, 0) AS num_children FROM parquet_schema([${paths}])`
  const byFile = new Map<string, { columns: Map<string, Set<string>>; open: number[]; below: Set<string> }>()
  for (const row of await runStatement(connection, sql, CONTEXT)) {
    const key = String(row.file_name)
    const children = Number(row.num_children)
    let state = byFile.get(key)
    if (state === undefined) {
      // The first element is the root.
      state = { columns: new Map(), open: [children], below: new Set() }
      byFile.set(key, state)
      continue
    }
    const name = String(row.name).toLowerCase()
    if (state.open.length === 1) {
      state.below = new Set()
      state.columns.set(name, state.below)
    } else state.below.add(name)
    const { open } = state
    open[open.length - 1] = (open.at(-1) as number) - 1
    if (children > 0) open.push(children)
    while (open.length > 1 && open.at(-1) === 0) open.pop()
  }
  return [...byFile.values()].map(({ columns }) => columns)
}

/** The struct types in a type, itself included. */
function structsOf(type: DataType): StructType[] {
  switch (type.type) {
    case 'struct':
      return [type, ...type.fields.flatMap(({ dataType }) => structsOf(dataType))]
    case 'array':
      return structsOf(type.elementType)
    case 'map':
      return [...structsOf(type.keyType), ...structsOf(type.valueType)]
    default:
      return []
  }
}
