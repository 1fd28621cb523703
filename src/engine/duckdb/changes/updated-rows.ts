import type { DuckDBConnection } from '@duckdb/node-api'
import type { WrittenFile } from '../../../data-files/write-target.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import type { RowChangeRequest } from '../../row-change.js'
import { quotePath } from '../quote-path.js'
import type { RowsWhere } from '../table/table-sql.js'
import type { ChangeRelations } from './change-relations.js'
import { type CarriedColumn, CHANGE_CONTEXT, type NewRows, newRowsSql } from './new-rows-sql.js'
import { openRowSets } from './read-row-sets.js'
import type { SelectsOptions } from './write-selects.js'

/** An update whose rows are found, and what they become is written. */
export interface UpdatedRows {
  readonly numRows: number
  /** Where they stood, by the position of their file among those staged. */
  readonly sets: ReadonlyMap<number, RowSet>
  /** Their data files. To be called once. */
  writeRows(): Promise<WrittenFile[]>
  /** Their change files, for tables with a change feed. */
  writeChanges(): Promise<WrittenFile[]>
}

/** What an update is worked out with. */
export interface UpdateParts {
  readonly connection: DuckDBConnection
  readonly request: RowChangeRequest
  readonly names: ChangeRelations
  readonly rowsWhere: RowsWhere
  readonly write: Omit<SelectsOptions, 'name'>
}

/** The new rows, and columns behind theirs. */
export function updatedRowsSql(
  { connection, request, names, rowsWhere }: UpdateParts,
  carried: readonly CarriedColumn[],
): Promise<NewRows> {
  const ways = { matchedAnew: new Set<number>(), mayUnite: false, matchedOnce: false }
  const hidden = { rowId: undefined, all: [] }
  return newRowsSql(connection, request.change, names, { ...ways, hidden, rowsWhere, carried })
}

/** Reads where rows stood. @param columns those of files on local disk that say so, quoted: file and row */
export async function placesIn(
  { connection, write: { signal } }: UpdateParts,
  paths: readonly string[],
  columns: readonly string[],
  rows: number,
): Promise<ReadonlyMap<number, RowSet>> {
  if (rows === 0) return new Map()
  const list = paths.map(quotePath).join(', ')
  const sql = `SELECT ${columns.join(', ')} FROM read_parquet([${list}], hive_partitioning = false)`
  const coming = await openRowSets(connection, { sql, rows }, CHANGE_CONTEXT, signal)
  return (await coming.read()).sets
}
