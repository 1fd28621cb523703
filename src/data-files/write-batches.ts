import { RecordBatch, Struct } from 'apache-arrow'
import { makeColumn } from '../arrow/column.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { type FileLayout, fileLayout } from './file-layout.js'
import { putDataFile } from './put-data-file.js'
import { splitPartitions } from './split-partitions.js'
import type { WriteTarget } from './write-target.js'

export interface WriteBatchesOptions {
  readonly signal?: AbortSignal
  /** False for rows that were in the table before. Default: true. */
  readonly dataChange?: boolean
  /** Arrow bytes held over all partitions before the largest is written out early. Default 512 MiB. */
  readonly maxBufferedBytes?: number
}

const MIB = 1024 * 1024
const DEFAULT_FILE_SIZE = 128 * MIB
/** Parquet bytes for one Arrow byte, until a file of this write has told better. */
const FIRST_RATIO = 0.5

/** The rows of one partition that wait for their file. */
interface Pending {
  readonly values: readonly (string | null)[]
  batches: RecordBatch[]
  bytes: number
}

/**
 * Writes batches of the table's schema as Parquet files that no version has yet: one set of files a partition, a new file
 * after about `targetFileSize` bytes. Bounded memory: what waits for its file is at most `maxBufferedBytes`.
 *
 * @returns add actions, in the order in which files were finished. On failure what was written is deleted as far as that works;
 * what stays is an orphan for vacuum.
 * @throws StorageUnavailable, StorageFull, UnsupportedType, InvalidInput, Aborted, and what `batches` throws
 */
export async function writeBatches(
  location: TableLocation,
  target: WriteTarget,
  batches: AsyncIterable<RecordBatch>,
  options: WriteBatchesOptions = {},
): Promise<AddFile[]> {
  const files = new PartitionedFiles(location, target, options)
  try {
    for await (const batch of batches) await files.add(batch)
    return await files.finish()
  } catch (error) {
    await files.discard()
    throw error
  }
}

class PartitionedFiles {
  readonly #location: TableLocation
  readonly #target: WriteTarget
  readonly #options: WriteBatchesOptions
  readonly #layout: FileLayout
  readonly #pending = new Map<string, Pending>()
  readonly #written: AddFile[] = []
  #bufferedBytes = 0
  #ratio = FIRST_RATIO

  constructor(location: TableLocation, target: WriteTarget, options: WriteBatchesOptions) {
    this.#location = location
    this.#target = target
    this.#options = options
    this.#layout = fileLayout(target)
  }

  async add(batch: RecordBatch): Promise<void> {
    const targetSize = this.#target.targetFileSize ?? DEFAULT_FILE_SIZE
    for (const { values, batch: rows } of splitPartitions(batch, this.#layout)) {
      if (rows.numRows === 0) continue
      const pending = this.#pendingFor(values)
      const stored = storedBatch(rows, this.#layout)
      const bytes = arrowBytes(stored)
      pending.batches.push(stored)
      pending.bytes += bytes
      this.#bufferedBytes += bytes
      if (pending.bytes * this.#ratio >= targetSize) await this.#flush(pending)
    }
    while (this.#bufferedBytes > (this.#options.maxBufferedBytes ?? 512 * MIB)) await this.#flush(this.#largest())
  }

  async finish(): Promise<AddFile[]> {
    for (const pending of this.#pending.values()) await this.#flush(pending)
    return this.#written
  }

  async discard(): Promise<void> {
    const keys = this.#written.map((file) => this.#location.resolve(file.path).key)
    if (keys.length > 0) await this.#location.store.delete(keys).catch(() => undefined)
  }

  #pendingFor(values: readonly (string | null)[]): Pending {
    const key = JSON.stringify(values)
    let pending = this.#pending.get(key)
    if (pending === undefined) {
      pending = { values, batches: [], bytes: 0 }
      this.#pending.set(key, pending)
    }
    return pending
  }

  #largest(): Pending {
    return [...this.#pending.values()].reduce((most, each) => (each.bytes > most.bytes ? each : most))
  }

  async #flush(pending: Pending): Promise<void> {
    const { batches, bytes } = pending
    if (batches.length === 0) return
    pending.batches = []
    pending.bytes = 0
    this.#bufferedBytes -= bytes
    const { signal, dataChange = true } = this.#options
    const rows = { values: pending.values, batches, dataChange }
    const file = await putDataFile(this.#location, this.#target, this.#layout, rows, signal)
    this.#ratio = Math.max(0.01, file.size / Math.max(bytes, 1))
    this.#written.push(file)
  }
}

/** The columns that files store, under their physical names. */
function storedBatch(batch: RecordBatch, layout: FileLayout): RecordBatch {
  const children = layout.storedColumns.map((index) => batch.data.children[index])
  const type = new Struct(layout.arrow.fields)
  return new RecordBatch(
    layout.arrow,
    makeColumn(type, { length: batch.numRows, children: children as never }) as never,
  )
}

function arrowBytes(batch: RecordBatch): number {
  return batch.data.children.reduce((bytes, column) => bytes + column.byteLength, 0)
}
