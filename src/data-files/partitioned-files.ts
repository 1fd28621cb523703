import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { NanColumns } from '../arrow/nan-columns.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { ParquetWriter } from '../parquet/parquet-writer.js'
import { throwIfAborted } from '../runtime/aborted.js'
import type { TableLocation } from '../storage/table-location.js'
import type { FileLayout } from './file-layout.js'
import type { EncodedFile } from './put-data-file.js'
import { splitPartitions } from './split-partitions.js'
import { DEFAULT_FILE_SIZE, type WriteTarget } from './write-target.js'

export interface WritePartitionsOptions<F> {
  readonly layout: FileLayout
  /** Stores a finished file; tells the key before it begins. */
  readonly put: (file: Omit<EncodedFile, 'dataChange'>, onKey: (key: string) => void) => Promise<F>
  readonly signal?: AbortSignal
  /** Bytes held over all partitions before the file that holds most is finished early. Default 256 MiB. */
  readonly maxBufferedBytes?: number
}

const MIB = 1 << 20
const DEFAULT_BUFFERED = 256 * MIB
/** Files that are put while the next ones fill. */
const MAX_PUTS = 4

/**
 * Writes batches as Parquet files, one set of files a partition. On failure what was written is deleted as far as that works.
 *
 * @returns what `put` made of the files, in the order in which they were finished
 */
export async function writePartitions<F>(
  location: TableLocation,
  target: WriteTarget,
  batches: AsyncIterable<RecordBatch>,
  options: WritePartitionsOptions<F>,
): Promise<F[]> {
  const files = new PartitionedFiles(location, target, options)
  try {
    for await (const batch of batches) await files.add(batch)
    return await files.finish()
  } catch (error) {
    await files.discard()
    throw error
  }
}

/** The file that a partition's rows go into. */
interface OpenFile {
  readonly values: readonly (string | null)[]
  readonly writer: ParquetWriter
  readonly nan: NanColumns
}

class PartitionedFiles<F> {
  readonly #location: TableLocation
  readonly #target: WriteTarget
  readonly #options: WritePartitionsOptions<F>
  readonly #layout: FileLayout
  readonly #open = new Map<string, OpenFile>()
  readonly #puts: Promise<F>[] = []
  readonly #keys: string[] = []

  constructor(location: TableLocation, target: WriteTarget, options: WritePartitionsOptions<F>) {
    this.#location = location
    this.#target = target
    this.#options = options
    this.#layout = options.layout
  }

  async add(batch: RecordBatch): Promise<void> {
    const { signal, maxBufferedBytes = DEFAULT_BUFFERED } = this.#options
    throwIfAborted(signal, 'The write')
    for (const { values, batch: rows } of splitPartitions(batch, this.#layout)) {
      if (rows.numRows === 0) continue
      const key = JSON.stringify(values)
      const file = this.#open.get(key) ?? this.#start(key, values)
      const stored = storedBatch(rows, this.#layout)
      file.nan.look(stored)
      await file.writer.add(stored)
      if (file.writer.estimatedSize >= (this.#target.targetFileSize ?? DEFAULT_FILE_SIZE)) await this.#close(key, file)
    }
    while (this.#held() > maxBufferedBytes) await this.#close(...this.#biggest())
  }

  async finish(): Promise<F[]> {
    for (const [key, file] of [...this.#open]) await this.#close(key, file)
    return Promise.all(this.#puts)
  }

  async discard(): Promise<void> {
    await Promise.allSettled(this.#puts)
    if (this.#keys.length > 0) await this.#location.store.delete(this.#keys).catch(() => undefined)
  }

  #start(key: string, values: readonly (string | null)[]): OpenFile {
    const { compression, rowGroupRows } = this.#target
    const { signal } = this.#options
    const writer = new ParquetWriter({
      schema: this.#layout.arrow,
      ...(compression && { compression }),
      ...(rowGroupRows !== undefined && { rowGroupRows }),
      ...(signal && { signal }),
    })
    const file = { values, writer, nan: new NanColumns(this.#layout.physical) }
    this.#open.set(key, file)
    return file
  }

  /** The put goes on while the next files fill. */
  async #close(key: string, { values, writer, nan }: OpenFile): Promise<void> {
    this.#open.delete(key)
    const bytes = await writer.finish()
    const encoded = {
      bytes,
      values,
      compression: this.#target.compression ?? 'snappy',
      withoutNaN: (path: readonly string[]) => !nan.has(path),
    }
    const put = this.#options.put(encoded, (name) => this.#keys.push(name))
    put.catch(() => undefined)
    this.#puts.push(put)
    const earlier = this.#puts.length - MAX_PUTS
    if (earlier >= 0) await this.#puts[earlier]
  }

  #held(): number {
    let bytes = 0
    for (const { writer } of this.#open.values()) bytes += writer.heldBytes
    return bytes
  }

  #biggest(): [key: string, file: OpenFile] {
    return [...this.#open].reduce((most, each) => (each[1].writer.heldBytes > most[1].writer.heldBytes ? each : most))
  }
}

/** The columns that files store, under their physical names. */
function storedBatch(batch: RecordBatch, layout: FileLayout): RecordBatch {
  const columns = layout.storedColumns.map((index) => batch.data.children[index] as Column)
  return batchOf(layout.arrow, columns, batch.numRows)
}
