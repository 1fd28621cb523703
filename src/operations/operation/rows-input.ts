import type { RecordBatch, Table } from 'apache-arrow'
import { throwIfAborted } from '../../runtime/aborted.js'
import type { StructType } from '../../schema/data-type.js'
import type { FileSource } from './file-source.js'

/** Arrow data: a table, one batch, or a stream of batches (a RecordBatchReader is one). */
export type ArrowInput = Table | RecordBatch | Iterable<RecordBatch> | AsyncIterable<RecordBatch>

/** What can be written: plain objects, Arrow data, or files. A stream is read once, and never held as a whole. */
export type RowsInput<R extends object = object> = Iterable<R> | AsyncIterable<R> | ArrowInput | FileSource

/** Rows that become one Arrow batch; small enough that a batch of wide rows fits into memory. */
const ROWS_OF_A_BATCH = 16_384

/**
 * Rows or Arrow data as batches in the shape of a schema.
 *
 * @throws SchemaMismatch naming column, expected, got, when the first row that does not fit is reached
 */
export async function* inputBatches(
  input: Exclude<RowsInput, FileSource>,
  schema: StructType,
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch, void, undefined> {
  const [{ conformBatch }, { encodeRows }] = await Promise.all([
    import('../../arrow/conform-batch.js'),
    import('../../arrow/encode/encode-rows.js'),
  ])
  let rows: object[] = []
  let firstRow = 0
  for await (const item of itemsOf(input)) {
    throwIfAborted(signal)
    if (isRecordBatch(item)) {
      yield conformBatch(item, schema)
      continue
    }
    rows.push(item)
    if (rows.length < ROWS_OF_A_BATCH) continue
    yield encodeRows(rows, schema, firstRow)
    firstRow += rows.length
    rows = []
  }
  if (rows.length > 0) yield encodeRows(rows, schema, firstRow)
}

/** Tables and batches iterate over their rows one by one; as a whole they are far faster. */
function itemsOf(input: Exclude<RowsInput, FileSource>): Iterable<object> | AsyncIterable<object> {
  if (isTable(input)) return input.batches
  if (isRecordBatch(input)) return [input]
  return input
}

/** By shape, not by class: the caller's apache-arrow need not be ours. */
function isTable(input: object): input is Table {
  return 'batches' in input && Array.isArray(input.batches) && 'schema' in input && 'numRows' in input
}

function isRecordBatch(input: object): input is RecordBatch {
  return 'numRows' in input && 'schema' in input && 'data' in input && Symbol.iterator in input
}
