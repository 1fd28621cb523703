import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import type { StagedFile } from '../../staging/staged-table.js'
import { loadDeletedRows } from './deleted-rows.js'

/** What follows `FROM read_parquet(...)` to leave out the rows of deletion vectors. @param firstFile position of the first of the files in the table */
export type RowMask = (files: readonly StagedFile[], firstFile: number) => string

/**
 * Masks rows by a join with those that are deleted. Memory grows with their number; rows come in any order.
 *
 * DuckDB does not know how many rows files have. The sides of an anti join it changes where it takes them for few, and then keeps the whole table in memory; those of NOT IN have their places.
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
    return ` WHERE (${position}, file_row_number) NOT IN (FROM ${quoteIdentifier(table)})`
  }
}

/** Rows of a file whose bits are one constant. DuckDB copies constants for every 2,048 rows: one for the whole of a large file takes longer than all else. */
const PIECE_ROWS = 2 ** 18

/**
 * Masks rows by one bit each, held in variables of the connection. Memory grows with the rows of the files; rows keep their order, which
 * no join of DuckDB promises.
 */
export async function bitMask(
  connection: DuckDBConnection,
  name: string,
  files: readonly StagedFile[],
): Promise<RowMask> {
  const conditions: (string | undefined)[] = []
  for (const [position, { deletedRows }] of files.entries()) {
    const pieces = deletedRows === undefined ? [] : piecesOf(deletedRows)
    const leaves: (string | undefined)[] = []
    for (const [i, bits] of pieces.entries()) {
      if (bits === undefined) {
        leaves.push(undefined)
        continue
      }
      const variable = `deleted ${position}.${i} of ${name}`
      const value = `CAST(from_base64('${Buffer.from(bits).toString('base64')}') AS BIT)`
      await connection.run(`SET VARIABLE ${quoteIdentifier(variable)} = ${value}`)
      const row = `CAST(file_row_number - ${i * PIECE_ROWS} AS INTEGER)`
      leaves.push(`get_bit(getvariable(${quoteText(variable)}), ${row}) = 0`)
    }
    // No row after them is deleted.
    conditions.push(pieces.length === 0 ? undefined : pieceTree([...leaves, undefined], 0))
  }
  return (some, firstFile) => {
    const cases = some.flatMap((_, i) => {
      const condition = conditions[firstFile + i]
      return condition === undefined ? [] : [`WHEN ${i} THEN ${condition}`]
    })
    return cases.length === 0 ? '' : ` WHERE CASE file_index ${cases.join(' ')} ELSE TRUE END`
  }
}

/** The condition of the piece that a row is in, found by halves. @param first position of the first piece in the file */
function pieceTree(leaves: readonly (string | undefined)[], first: number): string {
  if (leaves.every((leaf) => leaf === undefined)) return 'TRUE'
  if (leaves.length === 1) return leaves[0] as string
  const half = leaves.length >> 1
  const [below, above] = [pieceTree(leaves.slice(0, half), first), pieceTree(leaves.slice(half), first + half)]
  return `CASE WHEN file_row_number < ${(first + half) * PIECE_ROWS} THEN ${below} ELSE ${above} END`
}

/** One bit a row, the first row in the highest bit of the first byte; undefined for pieces without rows of the set. */
function piecesOf(rows: RowSet): (Uint8Array | undefined)[] {
  const pieces: (Uint8Array | undefined)[] = []
  for (const row of rows) {
    const piece = Math.floor(row / PIECE_ROWS)
    const at = row % PIECE_ROWS
    while (pieces.length <= piece) pieces.push(undefined)
    const bits = pieces[piece] ?? new Uint8Array(PIECE_ROWS >> 3)
    pieces[piece] = bits
    bits[at >> 3] = (bits[at >> 3] as number) | (0x80 >> (at & 7))
  }
  return pieces
}

function isMasked({ deletedRows }: StagedFile): boolean {
  return deletedRows !== undefined
}
