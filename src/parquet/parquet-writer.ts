import type { RecordBatch, Schema } from 'apache-arrow'
import { batchBytes } from '../arrow/batch-bytes.js'
import { toIpc } from '../arrow/ipc.js'
import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { CREATED_BY } from './created-by.js'
import { footerOf } from './footer.js'
import { joinRowGroups } from './join-row-groups.js'
import { paysInWorkers, runInline, runInWorker, workerCount } from './run-kernel.js'
import { encodeSmallFile } from './small/write/small-file.js'
import { unboundedColumns } from './unbounded-columns.js'

export interface ParquetWriterOptions {
  /** Names, nullability and field ids (`PARQUET:field_id`) of the file; the batches have its types in its order. */
  readonly schema: Schema
  /** Default `snappy`. */
  readonly compression?: 'snappy' | 'zstd' | 'uncompressed'
  /** Most rows of a row group; default 1,048,576. */
  readonly rowGroupRows?: number
  readonly signal?: AbortSignal
}

/** A row group ends at so many Arrow bytes too: they are held three times over while it is encoded. */
const ROW_GROUP_BYTES = 32 << 20
const DEFAULT_ROW_GROUP_ROWS = 1 << 20
/** Parquet bytes for one Arrow byte, until a row group has told better. */
const FIRST_RATIO = 0.5
/** Row groups of no more Arrow bytes are encoded without WebAssembly. */
const SMALL_BYTES = 128 << 10

/**
 * Writes one Parquet file, a row group at a time, in worker threads where that pays: timestamps in microseconds, lists in three levels
 * (`list.element`), maps as `key_value`. It holds what waits for its row group and what is encoded already.
 */
export class ParquetWriter {
  /** Rows added. */
  numRows = 0
  private readonly options: ParquetWriterOptions
  private readonly rowGroupRows: number
  private readonly groups: Promise<Uint8Array<ArrayBuffer>>[] = []
  private waiting: RecordBatch[] = []
  private waitingRows = 0
  private waitingBytes = 0
  private encodingBytes = 0
  private encodedBytes = 0
  private ratio = FIRST_RATIO

  constructor(options: ParquetWriterOptions) {
    this.options = options
    this.rowGroupRows = options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS
  }

  /** About how big the file would be if it ended here. */
  get estimatedSize(): number {
    return this.encodedBytes + (this.encodingBytes + this.waitingBytes) * this.ratio
  }

  /** Bytes held in memory. */
  get heldBytes(): number {
    return this.encodedBytes + this.encodingBytes + this.waitingBytes
  }

  /** Takes a batch; it may not change afterwards. Resolves when there is room for another: a few row groups are encoded at once, no more. */
  async add(batch: RecordBatch): Promise<void> {
    const bytes = batchBytes(batch)
    this.numRows += batch.numRows
    for (let start = 0; start < batch.numRows; ) {
      const end = Math.min(batch.numRows, start + this.rowGroupRows - this.waitingRows)
      this.waiting.push(end - start === batch.numRows ? batch : batch.slice(start, end))
      this.waitingRows += end - start
      this.waitingBytes += (bytes * (end - start)) / batch.numRows
      start = end
      if (this.waitingRows >= this.rowGroupRows || this.waitingBytes >= ROW_GROUP_BYTES) this.startGroup(true)
    }
    const busy = this.groups.length - workerCount() - 1
    if (busy >= 0) await this.groups[busy]
  }

  /** The file. A file without rows has its schema. */
  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.waitingRows > 0 || this.groups.length === 0) this.startGroup(false)
    const files = await Promise.all(this.groups)
    const [first] = files
    if (first !== undefined && files.length === 1) return first
    return joinRowGroups(
      await Promise.all(files.map(async (file) => ({ file, footer: await footerOf(file, 'new file') }))),
    )
  }

  private startGroup(more: boolean): void {
    const { waiting: batches, waitingBytes: bytes } = this
    this.waiting = []
    this.waitingRows = 0
    this.waitingBytes = 0
    this.encodingBytes += bytes
    const expected = more ? bytes * 2 : this.groups.length * bytes
    const group = this.encode(batches, bytes, Math.max(bytes, expected)).then((file) => {
      this.encodingBytes -= bytes
      this.encodedBytes += file.byteLength
      this.ratio = file.byteLength / Math.max(bytes, 1)
      return file
    })
    group.catch(() => undefined)
    this.groups.push(group)
  }

  /** @param expected bytes that are to be encoded soon, these included */
  private async encode(
    batches: readonly RecordBatch[],
    bytes: number,
    expected: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { schema, compression = 'snappy', signal } = this.options
    try {
      if (bytes <= SMALL_BYTES && compression !== 'zstd') {
        const small = encodeSmallFile(schema, batches, { compression, createdBy: CREATED_BY })
        if (small !== undefined) return small
      }
      const ipc = toIpc(schema, batches)
      const unbounded = unboundedColumns(batches)
      const settings = { compression, rowGroupRows: this.rowGroupRows, createdBy: CREATED_BY, unbounded }
      const file = paysInWorkers(ipc.byteLength, expected)
        ? await runInWorker('encode', [ipc, settings], [ipc.buffer], signal)
        : runInline('encode', ipc, settings)
      return file as Uint8Array<ArrayBuffer>
    } catch (cause) {
      if (isDeltaError(cause)) throw cause
      throw new DeltaError('Internal', `A Parquet file could not be encoded: ${errorText(cause)}.`, { cause })
    }
  }
}
