import type { RecordBatch, Table } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { tell } from '../../runtime/observer.js'
import type { StructType } from '../../schema/data-type.js'
import { type FileSource, isFileSource } from './file-source.js'
import type { OperationOptions } from './operation-options.js'

/** Arrow data: a table, one batch, or a stream of batches (a RecordBatchReader is one). */
export type ArrowInput = Table | RecordBatch | Iterable<RecordBatch> | AsyncIterable<RecordBatch>

/** What can be written: plain objects, Arrow data, or files. A stream is read once, and never held as a whole. */
export type RowsInput<R extends object = object> = Iterable<R> | AsyncIterable<R> | ArrowInput | FileSource

/** Passes for what can be rows at all. InvalidArgument, for callers without types, otherwise. */
export function checkRowsInput(input: RowsInput): void {
  if (typeof input === 'object' && input !== null) {
    if (isFileSource(input) || Symbol.iterator in input || Symbol.asyncIterator in input) return
    throw new DeltaError(
      'InvalidArgument',
      'Rows must be an array, an iterable, Arrow data or files(...), not one object. Put a single row into an array: [row].',
    )
  }
  throw new DeltaError(
    'InvalidArgument',
    `Rows must be an array, an iterable, Arrow data or files(...), not ${input === null ? 'null' : `a ${typeof input}`}. For files write files('${String(input)}').`,
  )
}

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
  { signal, observer }: OperationOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const [{ conformBatch }, { encodeRows }] = await Promise.all([
    import('../../arrow/conform-batch.js'),
    import('../../arrow/encode/encode-rows.js'),
  ])
  let rows = 0
  for await (const group of inputGroups(input)) {
    throwIfAborted(signal)
    const batch = Array.isArray(group) ? encodeRows(group, schema, rows) : conformBatch(group, schema)
    yield batch
    rows += batch.numRows
    tell(observer, { type: 'progress', operation: 'WRITE', rows })
  }
}

/** Batches as they come, rows in groups: what is encoded at once. */
export function inputGroups(
  input: Exclude<RowsInput, FileSource>,
): AsyncGenerator<RecordBatch | object[], void, undefined> {
  return groupsOf(itemsOf(input))
}

/** Waiting for each row of an array would cost more than to encode it. */
async function* groupsOf(
  items: Iterable<object> | AsyncIterable<object>,
): AsyncGenerator<RecordBatch | object[], void, undefined> {
  const rows = new RowGroup()
  if (Symbol.asyncIterator in items) {
    for await (const item of items) {
      if (isRecordBatch(item)) yield item
      else if (rows.add(item)) yield rows.take()
    }
  } else {
    for (const item of items) {
      if (isRecordBatch(item)) yield item
      else if (rows.add(item)) yield rows.take()
    }
  }
  if (!rows.isEmpty) yield rows.take()
}

/** Rows that wait to become a batch. */
class RowGroup {
  #rows: object[] = []

  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  /** Answers whether it is full. */
  add(row: object): boolean {
    return this.#rows.push(row) >= ROWS_OF_A_BATCH
  }

  take(): object[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }
}

/** Tables and batches iterate over their rows one by one; as a whole they are far faster. */
function itemsOf(input: Exclude<RowsInput, FileSource>): Iterable<object> | AsyncIterable<object> {
  if (isTable(input)) return input.batches
  if (isRecordBatch(input)) return [input]
  return input
}

/** Whether the rows can be read a second time: those of a stream cannot. */
export function isRepeatable(input: RowsInput): boolean {
  return Array.isArray(input) || isFileSource(input) || isTable(input) || isRecordBatch(input)
}

/** By shape, not by class: the caller's apache-arrow need not be ours. */
function isTable(input: object): input is Table {
  return 'batches' in input && Array.isArray(input.batches) && 'schema' in input && 'numRows' in input
}

function isRecordBatch(input: object): input is RecordBatch {
  return (
    typeof input === 'object' &&
    input !== null &&
    'numRows' in input &&
    'schema' in input &&
    'data' in input &&
    Symbol.iterator in input
  )
}
