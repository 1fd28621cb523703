import {
  type RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  RecordBatchStreamWriter,
  type Schema,
} from 'apache-arrow'
import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { joinBytes } from '../runtime/join-bytes.js'
import { ipcBatch } from './ipc-batch.js'
import { relabelBatch } from './relabel-batch.js'

/** What an IPC stream ends with: a continuation mark and the length 0. */
const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)

/** The beginnings of streams: the tables that a program writes to have few schemas, and write many batches. */
const schemaMessages = new WeakMap<Schema, Uint8Array>()

/** The bytes of an Arrow IPC stream (`stream`, the default) or file. The batches get the schema given: their types must be its types. */
export function toIpc(
  schema: Schema,
  batches: Iterable<RecordBatch>,
  format: 'stream' | 'file' = 'stream',
): Uint8Array<ArrayBuffer> {
  const all = [...batches]
  const messages = format === 'stream' ? all.map(ipcBatch) : [undefined]
  if (messages.every((message) => message !== undefined)) return joinBytes([schemaMessage(schema), ...messages, END])
  return written(schema, all, format)
}

/** What the writer of apache-arrow makes of it, which knows all types. */
function written(schema: Schema, batches: readonly RecordBatch[], format: 'stream' | 'file'): Uint8Array<ArrayBuffer> {
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
  const head = schemaMessage(schema)
  yield head
  for await (const batch of batches) {
    yield ipcBatch(batch) ?? written(schema, [batch], 'stream').subarray(head.byteLength, -END.byteLength)
  }
  yield END
}

function schemaMessage(schema: Schema): Uint8Array {
  const known = schemaMessages.get(schema)
  if (known !== undefined) return known
  const message = written(schema, [], 'stream').subarray(0, -END.byteLength)
  schemaMessages.set(schema, message)
  return message
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
