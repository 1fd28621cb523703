import { quoteText } from '../../../expressions/sql-quote.js'
import type { StagedFile } from '../../staging/staged-table.js'

/** The columns of data files in which row ids and commit versions of moved rows stand, by their names in the table's properties. */
export interface RowTrackingColumns {
  readonly rowId: string | undefined
  readonly commitVersion: string | undefined
}

/** The names of those columns. */
export function hiddenColumns(columns: RowTrackingColumns | undefined): string[] {
  return [columns?.rowId, columns?.commitVersion].filter((name) => name !== undefined)
}

/** SQL of what is known of each row (PROTOCOL.md, "Row Tracking"). */
export interface RowTrackingSql {
  /** Entries of the `schema` argument of `read_parquet`. */
  readonly entries: readonly string[]
  readonly rowId: string
  readonly commitVersion: string
}

/** Row ids and commit versions: those that moved with the row, else the file's first id plus the row's position, and the version that added the file. */
export function rowTrackingSql(files: readonly StagedFile[], columns: RowTrackingColumns): RowTrackingSql {
  const base = perFile(files.map(({ baseRowId }) => baseRowId))
  const version = perFile(files.map(({ defaultRowCommitVersion }) => defaultRowCommitVersion))
  const stored = (name: string | undefined, alias: string): string[] =>
    name === undefined ? [] : [`${quoteText(name)}: {name: '${alias}', type: 'BIGINT', default_value: NULL}`]
  return {
    entries: [...stored(columns.rowId, 'row_id'), ...stored(columns.commitVersion, 'commit_version')],
    rowId: coalesced(columns.rowId, 'row_id', `(${base} + file_row_number)`),
    commitVersion: coalesced(columns.commitVersion, 'commit_version', version),
  }
}

function coalesced(name: string | undefined, alias: string, otherwise: string): string {
  return name === undefined ? otherwise : `coalesce(${alias}, ${otherwise})`
}

function perFile(values: readonly (number | undefined)[]): string {
  const list = values.map((value) => value ?? 'NULL')
  if (new Set(list).size === 1) return `CAST(${list[0]} AS BIGINT)`
  return `list_extract(CAST([${list.join(', ')}] AS BIGINT[]), CAST(file_index AS BIGINT) + 1)`
}
