import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import type { StagedFile } from '../../staging/staged-table.js'
import { loadDeletedRows } from './deleted-rows.js'

/** What follows `FROM read_parquet(...)` to leave out the rows of deletion vectors. @param firstFile position of the first of the files in the table */
export type RowMask = (files: readonly StagedFile[], firstFile: number) => string

/**
 * Masks rows by an anti join. Memory grows with the rows deleted; rows come in any order.
 * @param name tells the table from others of the connection
 */
export async function joinMask(
  connection: DuckDBConnection,
  name: string,
  files: readonly StagedFile[],
): Promise<RowMask> {
  const table = `deleted rows of ${name}`
  if (files.some(isMasked)) await loadDeletedRows(connection, table, files)
  return (some, firstFile) => {
    if (!some.some(isMasked)) return ''
    const position = firstFile === 0 ? 'file_index' : `(file_index + CAST(${firstFile} AS UBIGINT))`
    return ` ANTI JOIN ${quoteIdentifier(table)} AS deleted ON ${position} = deleted."file" AND file_row_number = deleted."row"`
  }
}

/**
 * Masks rows by one bit each, held in variables of the connection. Memory grows with the rows of the files; rows keep their order, which
 * no join of DuckDB promises.
 */
export async function bitMask(
  connection: DuckDBConnection,
  name: string,
  files: readonly StagedFile[],
): Promise<RowMask> {
  const variable = (position: number): string => `deleted ${position} of ${name}`
  for (const [position, { deletedRows }] of files.entries()) {
    if (deletedRows === undefined || deletedRows.last === undefined) continue
    const bits = Buffer.from(bitsOf(deletedRows, deletedRows.last)).toString('base64')
    await connection.run(`SET VARIABLE ${quoteIdentifier(variable(position))} = CAST(from_base64('${bits}') AS BIT)`)
  }
  return (some, firstFile) => {
    const cases = some.flatMap(({ deletedRows }, i) => {
      const last = deletedRows?.last
      if (last === undefined) return []
      const bit = `get_bit(getvariable(${quoteText(variable(firstFile + i))}), CAST(file_row_number AS INTEGER))`
      return [`WHEN ${i} THEN CASE WHEN file_row_number > ${last} THEN TRUE ELSE ${bit} = 0 END`]
    })
    return cases.length === 0 ? '' : ` WHERE CASE file_index ${cases.join(' ')} ELSE TRUE END`
  }
}

/** One bit a row, the first row in the highest bit of the first byte. */
function bitsOf(rows: RowSet, last: number): Uint8Array {
  const bits = new Uint8Array((last >> 3) + 1)
  for (const row of rows) bits[row >> 3] = (bits[row >> 3] as number) | (0x80 >> (row & 7))
  return bits
}

function isMasked({ deletedRows }: StagedFile): boolean {
  return deletedRows !== undefined
}
