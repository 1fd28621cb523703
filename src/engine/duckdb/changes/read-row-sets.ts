import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { type RowSet, RowSetBuilder } from '../../../protocol/deletion-vector/row-set.js'
import type { ErrorContext } from '../duckdb-error.js'
import { interruptible, streamStatement } from '../run-statement.js'

/** So many rows come at once, 12 bytes each: as a stream each two thousand of them are waited for, about a millisecond. */
const AT_ONCE = 1_000_000

/** What tells which rows to read. */
interface RowsQuery {
  /** Delivers two columns without nulls, INTEGER and BIGINT: file and row. */
  readonly sql: string
  /** About how many rows it has. */
  readonly rows: number
}

/** Rows by the position of their file, on their way. */
interface ComingRowSets {
  /** Whether the connection is free for other statements before they were read. */
  readonly isApart: boolean
  read(): Promise<ReadonlyMap<number, RowSet>>
}

export async function openRowSets(
  connection: DuckDBConnection,
  { sql, rows }: RowsQuery,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<ComingRowSets> {
  const builders = new Map<number, RowSetBuilder>()
  const sets = (): ReadonlyMap<number, RowSet> =>
    new Map([...builders].map(([file, builder]) => [file, builder.build()]))
  if (rows <= AT_ONCE) {
    const result = await interruptible(connection, signal, context, () => connection.run(sql))
    const read = async (): Promise<ReadonlyMap<number, RowSet>> => {
      for (let i = 0; i < result.chunkCount; i++) addRows(builders, result.getChunk(i))
      return sets()
    }
    return { isApart: true, read }
  }
  const result = await streamStatement(connection, sql, context, { signal })
  const read = async (): Promise<ReadonlyMap<number, RowSet>> => {
    for (;;) {
      const chunk = await interruptible(connection, signal, context, () => result.fetchChunk())
      if (chunk === null || chunk.rowCount === 0) return sets()
      addRows(builders, chunk)
    }
  }
  return { isApart: false, read }
}

function addRows(builders: Map<number, RowSetBuilder>, { chunk, rowCount }: DuckDBDataChunk): void {
  const fileBytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), rowCount * 4)
  const rowBytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 1), rowCount * 8)
  const files = new Int32Array(fileBytes.buffer, fileBytes.byteOffset, rowCount)
  // Two halves each: reading them as bigints would take most of the time.
  const halves = new Uint32Array(rowBytes.buffer, rowBytes.byteOffset, rowCount * 2)
  for (let i = 0; i < rowCount; i++) {
    const file = files[i] as number
    let builder = builders.get(file)
    if (builder === undefined) {
      builder = new RowSetBuilder()
      builders.set(file, builder)
    }
    builder.add((halves[i * 2] as number) + (halves[i * 2 + 1] as number) * 2 ** 32)
  }
}
