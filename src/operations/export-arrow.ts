import type { RecordBatch, Schema } from 'apache-arrow'

/**
 * Batches as an Arrow IPC stream, piece by piece, for what is read from a table to go elsewhere.
 *
 * @param schema of the batches, should there be none
 */
export async function* exportArrow(
  batches: AsyncIterable<RecordBatch>,
  schema?: Schema,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { ipcStream } = await import('../arrow/ipc.js')
  const iterator = batches[Symbol.asyncIterator]()
  const first = await iterator.next()
  const found = schema ?? (first.done ? undefined : first.value.schema)
  const { Schema } = await import('apache-arrow')
  yield* ipcStream(found ?? new Schema(), from(first, iterator))
}

async function* from<T>(first: IteratorResult<T>, iterator: AsyncIterator<T>): AsyncGenerator<T, void, undefined> {
  for (let result = first; !result.done; result = await iterator.next()) yield result.value
}
