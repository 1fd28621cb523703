import { BIGINT, type DuckDBConnection, DuckDBDataChunk, UBIGINT } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StagedFile } from '../../staging/staged-table.js'

const CHUNK_ROWS = 2_048

/** Makes the temporary table of deleted rows that `joinMask` joins with, and fills it. */
export async function loadDeletedRows(
  connection: DuckDBConnection,
  table: string,
  files: readonly StagedFile[],
): Promise<void> {
  await connection.run(`CREATE TEMP TABLE ${quoteIdentifier(table)} ("file" UBIGINT, "row" BIGINT)`)
  const appender = await connection.createAppender(table)
  const fileOfRow = new BigUint64Array(CHUNK_ROWS)
  const rows = new BigInt64Array(CHUNK_ROWS)
  let count = 0
  const flush = (): void => {
    const chunk = DuckDBDataChunk.create([UBIGINT, BIGINT], count)
    duckdb.copy_data_to_vector(duckdb.data_chunk_get_vector(chunk.chunk, 0), 0, fileOfRow.buffer, 0, count * 8)
    duckdb.copy_data_to_vector(duckdb.data_chunk_get_vector(chunk.chunk, 1), 0, rows.buffer, 0, count * 8)
    appender.appendDataChunk(chunk)
    count = 0
  }
  files.forEach((file, position) => {
    for (const row of file.deletedRows ?? []) {
      fileOfRow[count] = BigInt(position)
      rows[count++] = BigInt(row)
      if (count === CHUNK_ROWS) flush()
    }
  })
  if (count > 0) flush()
  appender.closeSync()
}
