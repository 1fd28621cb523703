import type { DuckDBConnection } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import { RowSetBuilder } from '../../../protocol/deletion-vector/row-set-builder.js'
import type { ErrorContext } from '../duckdb-error.js'
import { interruptible, streamStatement } from '../run-statement.js'

/** Rows by the position of their file. @param sql delivers two columns without nulls, INTEGER and BIGINT: file and row */
export async function readRowSets(
  connection: DuckDBConnection,
  sql: string,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, RowSet>> {
  const result = await streamStatement(connection, sql, context, { signal })
  const builders = new Map<number, RowSetBuilder>()
  for (;;) {
    const chunk = await interruptible(connection, signal, context, () => result.fetchChunk())
    const count = chunk?.rowCount ?? 0
    if (chunk === null || count === 0) break
    const fileBytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, 0), count * 4)
    const rowBytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, 1), count * 8)
    const files = new Int32Array(fileBytes.buffer, fileBytes.byteOffset, count)
    // Two halves each: reading them as bigints would take most of the time.
    const halves = new Uint32Array(rowBytes.buffer, rowBytes.byteOffset, count * 2)
    for (let i = 0; i < count; i++) {
      const file = files[i] as number
      let builder = builders.get(file)
      if (builder === undefined) {
        builder = new RowSetBuilder()
        builders.set(file, builder)
      }
      builder.add((halves[i * 2] as number) + (halves[i * 2 + 1] as number) * 2 ** 32)
    }
  }
  return new Map([...builders].map(([file, builder]) => [file, builder.build()]))
}
