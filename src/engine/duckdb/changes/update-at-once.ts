import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import { columnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { StructField } from '../../../schema/data-type.js'
import type { RowChangeRequest } from '../../row-change.js'
import { quotePath } from '../quote-path.js'
import { rowTrackingOf } from '../table/source-table.js'
import type { RowsWhere } from '../table/table-sql.js'
import { cutFile } from '../write/cut-file.js'
import type { ChangeRelations } from './change-relations.js'
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
export function mayUpdateAtOnce({ snapshot, change, changeFeed, rules, dryRun }: RowChangeRequest): boolean {
  const [clause, ...others] = change.clauses
  const isUpdate = change.source === undefined && clause?.action === 'update' && others.length === 0
  const isWatched = changeFeed || rules !== undefined || rowTrackingOf(snapshot) !== undefined
  return isUpdate && change.repeatable && !isWatched && dryRun !== true
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
  rowsWhere: RowsWhere,
  write: Omit<SelectsOptions, 'name'>,
): Promise<PlacedRows> {
  const { signal } = write
  const places = placeFields(target)
  const columns = places.map(({ name }) => name)
  const rows = await newRowsSql(connection, change, names, {
    hidden: { rowId: undefined, all: [] },
    matchedAnew: new Set(),
    mayUnite: false,
    matchedOnce: false,
    rowsWhere,
    carried: places.map(({ name }, i) => ({
      name: quoteIdentifier(name),
      sql: `${names.target}.${[names.file, names.row][i]}`,
    })),
  })
  const fields = [...target.schema.fields, ...places]
  const placed = { ...target, schema: { type: 'struct' as const, fields } }
  const selects = rows.selects.map(({ sql }) => sql)
  const files = await writeSelects(connection, selects, placed, { ...write, name: 'updated' }).catch(
    async (error: unknown) => {
      throw (await explainedBadRow(connection, rows, error, signal)) ?? error
    },
  )
  const numRows = files.reduce((sum, file) => sum + file.numRows, 0)
  const paths = files.map(({ localPath }) => quotePath(localPath)).join(', ')
  const sql = `SELECT ${columns.map(quoteIdentifier).join(', ')} FROM read_parquet([${paths}], hive_partitioning = false)`
  const coming =
    files.length === 0 ? undefined : await openRowSets(connection, { sql, rows: numRows }, CHANGE_CONTEXT, signal)
  return {
    numRows,
    sets: (await coming?.read())?.sets ?? new Map(),
    async withoutPlaces() {
      const cut: WrittenFile[] = []
      for (const file of files) cut.push(await cutFile(file, new Set(columns)))
      return cut
    },
  }
}

/** Columns for the position of a row's file and of the row in it, of names that no column of the files has. */
function placeFields({ schema, configuration }: WriteTarget): readonly [StructField, StructField] {
  const mode = columnMappingMode(configuration)
  const taken = new Set(
    schema.fields.flatMap((field) => [field.name, storedName(field, mode)]).map((name) => name.toLowerCase()),
  )
  const place = (wanted: string, type: 'integer' | 'long'): StructField => {
    let name = wanted
    while (taken.has(name)) name = `${name} `
    return { name, dataType: { type }, nullable: false, metadata: {} }
  }
  return [place('file of the row', 'integer'), place('position of the row', 'long')]
}
