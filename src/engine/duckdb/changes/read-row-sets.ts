import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { type RowSet, RowSetBuilder } from '../../../protocol/deletion-vector/row-set.js'
import type { ErrorContext } from '../duckdb-error.js'
import { interruptible, streamStatement } from '../run-statement.js'
import { DistinctLongs } from './distinct-longs.js'

/** So many rows come at once, 12 bytes each: as a stream each two thousand of them are waited for, about a millisecond. */
const AT_ONCE = 1_000_000

/** What tells which rows to read. */
interface RowsQuery {
  /** Delivers columns without nulls, INTEGER and BIGINT: file and row. A third, BIGINT too, may tell the row of the source, -1 for none. */
  readonly sql: string
  /** About how many rows it has. */
  readonly rows: number
}

/** Rows by the position of their file, on their way. */
interface ComingRowSets {
  /** Whether the connection is free for other statements before they were read. */
  readonly isApart: boolean
  read(): Promise<FoundRowSets>
}

interface FoundRowSets {
  readonly sets: ReadonlyMap<number, RowSet>
  /** How many rows of the source there were. */
  readonly sources: number
}

export async function openRowSets(
  connection: DuckDBConnection,
  { sql, rows }: RowsQuery,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<ComingRowSets> {
  const builders = new Map<number, RowSetBuilder>()
  const sources = new DistinctLongs()
  const found = (): FoundRowSets => ({
    sets: new Map([...builders].map(([file, builder]) => [file, builder.build()])),
    sources: sources.count,
  })
  if (rows <= AT_ONCE) {
    const result = await interruptible(connection, signal, context, () => connection.run(sql))
    const read = async (): Promise<FoundRowSets> => {
      for (let i = 0; i < result.chunkCount; i++) addRows(builders, sources, result.getChunk(i))
      return found()
    }
    return { isApart: true, read }
  }
  const result = await streamStatement(connection, sql, context, { signal })
  const read = async (): Promise<FoundRowSets> => {
    for (;;) {
      const chunk = await interruptible(connection, signal, context, () => result.fetchChunk())
      if (chunk === null || chunk.rowCount === 0) return found()
      addRows(builders, sources, chunk)
    }
  }
  return { isApart: false, read }
}

function addRows(
  builders: Map<number, RowSetBuilder>,
  sources: DistinctLongs,
  { chunk, rowCount, columnCount }: DuckDBDataChunk,
): void {
  const fileBytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), rowCount * 4)
  const files = new Int32Array(fileBytes.buffer, fileBytes.byteOffset, rowCount)
  const rows = longsOf(chunk, 1, rowCount)
  for (let start = 0; start < rowCount; ) {
    const file = files[start] as number
    let end = start + 1
    while (end < rowCount && files[end] === file) end++
    const builder = builders.get(file) ?? new RowSetBuilder()
    builders.set(file, builder)
    builder.addLongs(rows, start, end)
    start = end
  }
  if (columnCount >= 3) sources.addNatural(longsOf(chunk, 2, rowCount))
}

/** Two halves each: reading them as bigints would take most of the time. */
function longsOf(chunk: duckdb.DataChunk, column: number, rowCount: number): Uint32Array {
  const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), rowCount * 8)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, rowCount * 2)
}
