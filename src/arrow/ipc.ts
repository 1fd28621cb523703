import {
  type RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  RecordBatchStreamWriter,
  type Schema,
} from 'apache-arrow'
import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { relabelBatch } from './relabel-batch.js'

/** What an IPC stream ends with: a continuation mark and the length 0. */
const END_BYTES = 8

/** The bytes of an Arrow IPC stream (`stream`, the default) or file. The batches get the schema given: their types must be its types. */
export function toIpc(
  schema: Schema,
  batches: Iterable<RecordBatch>,
  format: 'stream' | 'file' = 'stream',
): Uint8Array<ArrayBuffer> {
  const writer = format === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter()
  writer.reset(undefined, schema)
  // The writer ends the stream in silence at a batch whose schema differs in the least.
  for (const batch of batches) writer.write(batch.schema === schema ? batch : relabelBatch(batch, schema))
  writer.close()
  return writer.toUint8Array(true) as Uint8Array<ArrayBuffer>
}

/** An Arrow IPC stream, piece by piece as batches come in: the schema, then a piece a batch. */
export async function* ipcStream(
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const empty = toIpc(schema, [])
  const head = empty.byteLength - END_BYTES
  yield empty.subarray(0, head)
  for await (const batch of batches) yield toIpc(schema, [batch]).subarray(head, -END_BYTES)
  yield empty.subarray(head)
}

/** Schema and batches of an Arrow IPC stream or file. CorruptData, naming the source, where the bytes are none. */
export function fromIpc(
  bytes: Uint8Array,
  name = 'Arrow IPC',
): { readonly schema: Schema; readonly batches: RecordBatch[] } {
  try {
    const reader = RecordBatchReader.from(bytes).open()
    // The reader forgets its schema at its end.
    const { schema } = reader
    return { schema, batches: [...reader] }
  } catch (cause) {
    const message = `${name} is no Arrow IPC stream or file, or it is cut off: ${errorText(cause)}`
    throw new DeltaError('CorruptData', message, { cause, details: { path: name } })
  }
}
