import { type Column, childAt } from '../arrow/column.js'
import { decodeUtf8 } from '../arrow/utf8.js'
import { validityTest } from '../arrow/validity.js'
import { plainValue } from '../log/checkpoint/plain-value.js'
import type { AddFile, DeletionVectorDescriptor } from '../protocol/actions/action.js'
import type { CheckpointStatistics } from './checkpoint-statistics.js'
import type { FileColumns } from './file-columns.js'
import type { PartitionColumn } from './file-list.js'
import { partitionColumnOf } from './partition-column-of.js'
import { PathIndex } from './path-index.js'

export interface CheckpointChunkParts {
  /** The struct column `add` of one batch. */
  readonly add: Column
  /** The rows of it that are files, ascending; undefined where all are. */
  readonly rows: Int32Array | undefined
  /** The row of the checkpoint file at which the batch begins. */
  readonly firstRow: number
  readonly statistics: CheckpointStatistics
}

const NOTHING = { partitionValues: {}, modificationTime: 0, dataChange: false }
const TWO_TO_32 = 2 ** 32

/** The files of one row group of a checkpoint, held in the Arrow columns that they were read into. */
export class CheckpointChunk implements FileColumns {
  readonly length: number
  readonly #parts: CheckpointChunkParts
  readonly #fields: ReadonlyMap<string, Column>
  readonly #paths: Column
  readonly #sizes: Int32Array | undefined
  readonly #times: Int32Array | undefined
  readonly #partitionColumns = new Map<string, PartitionColumn>()
  readonly #hasVector: (row: number) => boolean
  #index: PathIndex | undefined

  constructor(parts: CheckpointChunkParts) {
    const { add, rows } = parts
    this.length = rows?.length ?? add.length
    this.#parts = parts
    this.#fields = new Map(add.type.children.map(({ name }, i) => [name, childAt(add, i)]))
    this.#paths = this.#fields.get('path') as Column
    this.#sizes = longWords(this.#fields.get('size'))
    this.#times = longWords(this.#fields.get('modificationTime'))
    const vectors = this.#fields.get('deletionVector')
    this.#hasVector = vectors === undefined ? () => false : validityTest(vectors)
  }

  indexOf(path: string): number {
    this.#index ??= new PathIndex({
      data: this.#paths.values as Uint8Array,
      offsets: (this.#paths.valueOffsets as Int32Array).subarray(0, this.#paths.length + 1),
    })
    const row = this.#index.find(path)
    return row < 0 ? -1 : this.#positionOf(row)
  }

  path(i: number): string {
    const row = this.#row(i)
    const offsets = this.#paths.valueOffsets as Int32Array
    return decodeUtf8(this.#paths.values as Uint8Array, offsets[row] as number, offsets[row + 1] as number)
  }

  size(i: number): number {
    return this.#number(this.#sizes, i)
  }

  modificationTime(i: number): number {
    return this.#number(this.#times, i)
  }

  deletionVector(i: number): DeletionVectorDescriptor | undefined {
    const row = this.#row(i)
    return this.#hasVector(row) ? (plainValue(this.#fields.get('deletionVector') as Column, row) as never) : undefined
  }

  partitionColumn(physicalName: string): PartitionColumn {
    let column = this.#partitionColumns.get(physicalName)
    if (column === undefined) {
      column = partitionColumnOf(this.#fields.get('partitionValues'), this.#parts.rows, this.length, physicalName)
      this.#partitionColumns.set(physicalName, column)
    }
    return column
  }

  stats(i: number): string | undefined {
    return this.#parts.statistics.at(this.#parts.firstRow + this.#row(i))
  }

  loadStatistics(signal?: AbortSignal): Promise<void> {
    return this.#parts.statistics.load(signal)
  }

  addFile(i: number): AddFile {
    const stats = this.stats(i)
    const add = plainValue(this.#parts.add, this.#row(i)) as unknown as Omit<AddFile, 'type'>
    // Columns that are empty throughout the checkpoint were not read.
    return { type: 'add', ...NOTHING, ...add, ...(stats === undefined ? {} : { stats }) }
  }

  #row(i: number): number {
    return this.#parts.rows === undefined ? i : (this.#parts.rows[i] as number)
  }

  #positionOf(row: number): number {
    const { rows } = this.#parts
    if (rows === undefined) return row
    let [low, high] = [0, rows.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((rows[middle] as number) < row) low = middle + 1
      else high = middle
    }
    return low
  }

  /** A long as a double, from its two words: no bigint is made. */
  #number(words: Int32Array | undefined, i: number): number {
    if (words === undefined) return 0
    const at = 2 * this.#row(i)
    return (words[at + 1] as number) * TWO_TO_32 + ((words[at] as number) >>> 0)
  }
}

function longWords(column: Column | undefined): Int32Array | undefined {
  if (column === undefined) return undefined
  const values = column.values as BigInt64Array
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2)
}
