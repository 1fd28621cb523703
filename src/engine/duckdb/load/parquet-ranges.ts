import type { DuckDBConnection } from '@duckdb/node-api'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import { isVirtualColumn } from '../virtual-columns.js'
import { contiguousShares } from '../write/contiguous-shares.js'
import type { LoadSource } from './load-source.js'

/** DuckDB's name for the position of a row in its file; it skips row groups by it. */
const ROW_NUMBER = 'file_row_number'

interface RowGroup {
  readonly file: string
  readonly firstRow: number
  readonly rows: number
  readonly rowsOfFile: number
}

/**
 * Splits the rows of Parquet files, in order, into at most `count` about equal shares at the borders of row groups. Each share is a list of FROM
 * clauses, in order. None where the rows cannot be split.
 */
export async function parquetRanges(
  connection: DuckDBConnection,
  source: LoadSource,
  count: number,
): Promise<readonly (readonly string[])[]> {
  if (source.columns.some(({ name }) => isVirtualColumn(name))) return []
  const groups: RowGroup[] = []
  for (const file of source.files) groups.push(...(await rowGroupsOf(connection, file)))
  const shares = contiguousShares(groups, count, ({ rows }) => rows)
  return shares.length < 2 ? [] : shares.map((share) => clausesOf(source, share))
}

async function rowGroupsOf(connection: DuckDBConnection, file: string): Promise<RowGroup[]> {
  const context = { sqlCode: 'CorruptData', what: `The Parquet file ${file} cannot be read` } as const
  const sql = `SELECT row_group_id, any_value(row_group_num_rows) AS num_rows FROM parquet_metadata([${quotePath(file)}]) GROUP BY 1 ORDER BY 1`
  const counts = (await runStatement(connection, sql, context)).map(({ num_rows }) => Number(num_rows))
  const rowsOfFile = counts.reduce((sum, rows) => sum + rows, 0)
  let firstRow = 0
  return counts.map((rows) => {
    const group = { file, firstRow, rows, rowsOfFile }
    firstRow += rows
    return group
  })
}

/** Files that are read as a whole are read together. */
function clausesOf({ from }: LoadSource, groups: readonly RowGroup[]): string[] {
  const clauses: string[] = []
  let whole: string[] = []
  const readWhole = (): void => {
    if (whole.length > 0) clauses.push(from(whole))
    whole = []
  }
  for (const { file, firstRow, rows, isWhole } of rangesOf(groups)) {
    if (isWhole) whole.push(file)
    else {
      readWhole()
      const condition = `${ROW_NUMBER} >= ${firstRow} AND ${ROW_NUMBER} < ${firstRow + rows}`
      clauses.push(`(SELECT * FROM ${from([file])} WHERE ${condition})`)
    }
  }
  readWhole()
  return clauses
}

/** Row groups of one file that follow each other, as one range. */
function rangesOf(groups: readonly RowGroup[]): (RowGroup & { readonly isWhole: boolean })[] {
  const ranges: RowGroup[] = []
  for (const group of groups) {
    const last = ranges.at(-1)
    const follows = last?.file === group.file && last.firstRow + last.rows === group.firstRow
    if (follows) ranges[ranges.length - 1] = { ...last, rows: last.rows + group.rows }
    else ranges.push(group)
  }
  return ranges.map((range) => ({ ...range, isWhole: range.rows === range.rowsOfFile }))
}
