import type { DuckDBConnection } from '@duckdb/node-api'
import type { WrittenFile } from '../../../data-files/write-target.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import type { StructField } from '../../../schema/data-type.js'
import type { RowChangeRequest } from '../../row-change.js'
import { quotePath } from '../quote-path.js'
import { rowTrackingOf } from '../table/source-table.js'
import type { PlainTable } from '../table/table-sql.js'
import { cutFile } from '../write/cut-file.js'
import { storedLayout } from '../write/stored-layout.js'
import { type ChangeRelations, unquoted } from './change-relations.js'
import { CHANGE_CONTEXT, explainedBadRow, newRowsSql } from './new-rows-sql.js'
import { openRowSets } from './read-row-sets.js'
import { type SelectsOptions, writeSelects } from './write-selects.js'

/** Updated rows in files of the table, and where they stood before. */
export interface PlacedRows {
  readonly numRows: number
  /** By the position of their file among those staged. */
  readonly sets: ReadonlyMap<number, RowSet>
  /** Takes out of the files what tells where the rows stood: then they are data files. To be called once. */
  withoutPlaces(): Promise<WrittenFile[]>
}

/** Whether a change is an update of which nothing more needs to be known than which rows it changes, and what they become. */
export function mayUpdateAtOnce({ snapshot, change, target, changeFeed, rules, dryRun }: RowChangeRequest): boolean {
  const [clause, ...others] = change.clauses
  const isUpdate = change.source === undefined && clause?.action === 'update' && others.length === 0
  const isWatched = changeFeed || rules !== undefined || rowTrackingOf(snapshot) !== undefined
  return isUpdate && change.repeatable && target.partitionColumns.length === 0 && !isWatched && dryRun !== true
}

/**
 * Finds the rows of an update and writes what they become in one pass over the table: each new row has the place of the old one with it, in two columns behind its own, which are taken out of the files afterwards.
 *
 * @throws SchemaMismatch for a value that does not fit its column
 */
export async function updateAtOnce(
  connection: DuckDBConnection,
  { change, target }: RowChangeRequest,
  names: ChangeRelations,
  plain: PlainTable,
  write: Omit<SelectsOptions, 'name'>,
): Promise<PlacedRows> {
  const { signal } = write
  const rows = await newRowsSql(connection, change, names, {
    hidden: { rowId: undefined, all: [] },
    matchedAnew: new Set(),
    mayUnite: false,
    matchedOnce: false,
    plain,
    carried: [
      { name: names.file, sql: plain.file },
      { name: names.row, sql: plain.row },
    ],
  })
  const fields = [...target.schema.fields, placeField(names.file, 'integer'), placeField(names.row, 'long')]
  const placed = { ...target, schema: { type: 'struct' as const, fields } }
  const selects = rows.selects.map(({ sql }) => sql)
  const files = await writeSelects(connection, selects, placed, { ...write, name: 'rows' }).catch(
    async (error: unknown) => {
      throw (await explainedBadRow(connection, rows, error, signal)) ?? error
    },
  )
  const numRows = files.reduce((sum, file) => sum + file.numRows, 0)
  const paths = files.map(({ localPath }) => quotePath(localPath)).join(', ')
  const sql = `SELECT ${names.file}, ${names.row} FROM read_parquet([${paths}], hive_partitioning = false)`
  const coming =
    files.length === 0 ? undefined : await openRowSets(connection, { sql, rows: numRows }, CHANGE_CONTEXT, signal)
  const kept = storedLayout(target).columns.length
  return {
    numRows,
    sets: (await coming?.read())?.sets ?? new Map(),
    withoutPlaces: () => Promise.all(files.map((file) => cutFile(file, kept))),
  }
}

function placeField(name: string, type: 'integer' | 'long'): StructField {
  return { name: unquoted(name), dataType: { type }, nullable: false, metadata: {} }
}
