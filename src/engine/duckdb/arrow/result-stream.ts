import type { DuckDBResult } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { type DataType, Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow'
import type { ColumnSink } from './column-sink.js'
import { createSink } from './create-sink.js'

/** A batch is handed over when it has this many rows or bytes. */
const BATCH_ROWS = 65_536
const BATCH_BYTES = 32 * 2 ** 20

/** The Arrow schema of a result. Of columns that share a name, as they may in SQL, the later ones get a number behind it: `id`, `id_1`. */
export function resultSchema(result: DuckDBResult): Schema {
  const types = result.columnTypes().map((type) => createSink(type).finish().type as DataType)
  const names = distinctNames(types.map((_, i) => result.columnName(i)))
  return new Schema(types.map((type, i) => new Field(names[i] as string, type, true)))
}

/** A streaming result as Arrow batches of some ten thousand rows. */
export async function* resultBatches(result: DuckDBResult, schema: Schema): AsyncGenerator<RecordBatch> {
  const sinks = result.columnTypes().map(createSink)
  let rows = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    const count = chunk?.rowCount ?? 0
    if (chunk === null || count === 0) break
    sinks.forEach((sink, i) => {
      sink.load(duckdb.data_chunk_get_vector(chunk.chunk, i), count)
      sink.take(0, count)
    })
    rows += count
    if (rows < BATCH_ROWS && sinks.reduce((sum, sink) => sum + sink.byteLength, 0) < BATCH_BYTES) continue
    yield toBatch(schema, sinks, rows)
    rows = 0
  }
  if (rows > 0) yield toBatch(schema, sinks, rows)
}

function toBatch(schema: Schema, sinks: readonly ColumnSink[], length: number): RecordBatch {
  const children = sinks.map((sink) => sink.finish())
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

/** Objects and files can have a name only once. A name that a later column has is not given to an earlier one. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  const given = new Set(names)
  return names.map((name) => {
    let free = name
    for (let n = 1; taken.has(free) || (n > 1 && given.has(free)); n++) free = `${name}_${n}`
    taken.add(free)
    return free
  })
}
