import type { RecordBatch, Schema } from 'apache-arrow'
import { toIpc } from '../arrow/ipc.js'
import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { VERSION } from '../runtime/version.js'
import { footerOf } from './footer.js'
import { joinRowGroups } from './join-row-groups.js'
import { paysInWorkers, runInline, runInWorker } from './run-kernel.js'

export interface EncodeParquetOptions {
  /** Names, nullability and field ids (`PARQUET:field_id`) of the file; the batches have its types in its order. */
  readonly schema: Schema
  /** Default `snappy`. */
  readonly compression?: 'snappy' | 'zstd' | 'uncompressed'
  /** Most rows of a row group; default 1,048,576. */
  readonly rowGroupRows?: number
  readonly signal?: AbortSignal
}

/** A row group ends at so many Arrow bytes too: they are held three times over while it is encoded. */
const ROW_GROUP_BYTES = 64 << 20
const DEFAULT_ROW_GROUP_ROWS = 1 << 20
/** In the form that parquet-mr parses: it ignores the text statistics of writers it cannot name. */
const CREATED_BY = `lakewright version ${VERSION}`

/**
 * Encodes batches as one Parquet file: timestamps in microseconds, lists in three levels (`list.element`), maps as `key_value`. Row groups
 * are encoded in worker threads where that pays.
 */
export async function encodeParquet(
  batches: readonly RecordBatch[],
  options: EncodeParquetOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const rowGroupRows = options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS
  const total = batches.reduce((sum, batch) => sum + batchBytes(batch), 0)
  const groups = groupRows(batches, rowGroupRows)
  const parts = await Promise.all(groups.map((group) => encodeGroup(group, options, rowGroupRows, total)))
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  return joinRowGroups(
    await Promise.all(parts.map(async (file) => ({ file, footer: await footerOf(file, 'new file') }))),
  )
}

async function encodeGroup(
  batches: readonly RecordBatch[],
  { schema, compression = 'snappy', signal }: EncodeParquetOptions,
  rowGroupRows: number,
  total: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const ipc = toIpc(schema, batches)
  const settings = { compression, rowGroupRows, createdBy: CREATED_BY }
  try {
    const file = paysInWorkers(ipc.byteLength, total)
      ? await runInWorker('encode', [ipc, settings], [ipc.buffer], signal)
      : runInline('encode', ipc, settings)
    return file as Uint8Array<ArrayBuffer>
  } catch (cause) {
    if (cause instanceof DeltaError) throw cause
    throw new DeltaError('Internal', `A Parquet file could not be encoded: ${errorText(cause)}.`, { cause })
  }
}

/** Slices batches into row groups; always at least one, so that a file without rows has its schema. */
function groupRows(batches: readonly RecordBatch[], rowGroupRows: number): RecordBatch[][] {
  const groups: RecordBatch[][] = [[]]
  let [rows, bytes] = [0, 0]
  for (const batch of batches) {
    for (let start = 0; start < batch.numRows; ) {
      if (rows >= rowGroupRows || bytes >= ROW_GROUP_BYTES) {
        groups.push([])
        rows = 0
        bytes = 0
      }
      const end = Math.min(batch.numRows, start + rowGroupRows - rows)
      ;(groups.at(-1) as RecordBatch[]).push(end - start === batch.numRows ? batch : batch.slice(start, end))
      rows += end - start
      bytes += (batchBytes(batch) * (end - start)) / batch.numRows
      start = end
    }
  }
  return groups
}

/** Bytes of the buffers behind a batch. */
function batchBytes(batch: RecordBatch): number {
  return batch.data.children.reduce((sum, column) => sum + column.byteLength, 0)
}
