import type { RecordBatch } from 'apache-arrow'
import { arrowSchema } from '../../arrow/arrow-schema.js'
import type { Column } from '../../arrow/column.js'
import { encodeRows } from '../../arrow/encode/encode-rows.js'
import { nullColumn } from '../../arrow/null-column.js'
import { batchOf } from '../../arrow/relabel-batch.js'
import type { RemoveFile } from '../../protocol/actions/action.js'
import type { StructField, StructType } from '../../schema/data-type.js'
import type { LiveFiles } from '../files/live-files.js'
import { actionRow } from './action-row.js'
import { addColumn } from './add-column.js'
import type { ParsedColumns } from './parsed-columns.js'

/** Tombstones that are turned into Arrow at a time. */
const BATCH_ROWS = 16_384

/** The add actions of some files as batches of a checkpoint, a block at a time. Statistics that were not in memory before are let go of again. */
export async function* addBatches(
  files: LiveFiles,
  fields: readonly StructField[],
  parsed: ParsedColumns | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordBatch, void, undefined> {
  const schema = arrowSchema({ type: 'struct', fields })
  const type = fields.find(({ name }) => name === 'add')?.dataType as StructType
  for (const chunk of files.chunks) {
    const { statistics } = chunk.block.columns
    const wasLoaded = statistics.texts !== undefined
    await statistics.load(signal)
    const add = addColumn(chunk, type, parsed)
    const columns = schema.fields.map(({ name, type: other }): Column => {
      return name === 'add' ? add : nullColumn(other, chunk.length)
    })
    yield batchOf(schema, columns, chunk.length)
    if (!wasLoaded) statistics.unload()
  }
}

/** Tombstones as batches of a checkpoint. */
export async function* removeBatches(
  removes: AsyncIterable<RemoveFile>,
  fields: readonly StructField[],
): AsyncGenerator<RecordBatch, void, undefined> {
  let rows: object[] = []
  for await (const remove of removes) {
    rows.push(actionRow({ ...remove, dataChange: false }))
    if (rows.length < BATCH_ROWS) continue
    yield encodeRows(rows, { type: 'struct', fields })
    rows = []
  }
  if (rows.length > 0) yield encodeRows(rows, { type: 'struct', fields })
}
