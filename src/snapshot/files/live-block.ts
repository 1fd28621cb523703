import type { AddFile, DeletionVectorDescriptor } from '../../protocol/actions/action.js'
import type { FileChunk, PartitionColumn, Utf8Slice } from '../file-list.js'
import type { FileBlock } from './file-block.js'
import type { FileKeys } from './file-keys.js'
import { type RowRun, rowRuns } from './row-runs.js'

/** The live files of a block, as one version sees them. */
export class LiveBlock implements FileChunk {
  readonly length: number
  readonly block: FileBlock
  /** Ascending; undefined where all are live. */
  readonly #positions: Int32Array | undefined
  readonly #partitions = new Map<string, PartitionColumn>()
  #sizeInBytes: number | undefined

  constructor(block: FileBlock, positions?: Int32Array) {
    this.block = block
    this.#positions = positions
    this.length = positions?.length ?? block.length
  }

  /** Sum of the sizes. */
  get sizeInBytes(): number {
    this.#sizeInBytes ??= this.#sumSizes()
    return this.#sizeInBytes
  }

  /** The live files as runs of positions of the block. */
  runs(): RowRun[] {
    return rowRuns(this.#positions, this.block.length)
  }

  /** Without the files of some keys; undefined where none is left. Itself where none of them is here. */
  without(keys: FileKeys): LiveBlock | undefined {
    const dead = keys
      .candidates(this.block.pathHashes())
      .filter((i) => keys.has(this.block.path(i), this.block.deletionVector(i)))
    if (dead.length === 0) return this
    const positions = subtract(this.#positions, this.block.length, dead)
    if (positions.length === this.length) return this
    return positions.length === 0 ? undefined : new LiveBlock(this.block, positions)
  }

  path(i: number): string {
    return this.block.path(this.#at(i))
  }

  size(i: number): number {
    return this.block.size(this.#at(i))
  }

  modificationTime(i: number): number {
    return this.block.modificationTime(this.#at(i))
  }

  deletionVector(i: number): DeletionVectorDescriptor | undefined {
    return this.block.deletionVector(this.#at(i))
  }

  partitionColumn(physicalName: string): PartitionColumn {
    let column = this.#partitions.get(physicalName)
    if (column === undefined) {
      column = this.#gather(this.block.columns.partitions().get(physicalName))
      this.#partitions.set(physicalName, column)
    }
    return column
  }

  /** Every partition column that some file of the block has. */
  partitionNames(): string[] {
    return [...this.block.columns.partitions().keys()]
  }

  /** Tags and all that newer writers may have added. */
  rest(i: number): { readonly [name: string]: unknown } | undefined {
    return this.block.rest(this.#at(i)) as { readonly [name: string]: unknown } | undefined
  }

  stats(i: number): string | undefined {
    return this.block.columns.statistics.at(this.#at(i))
  }

  locateStats(i: number, slice: Utf8Slice): boolean {
    const { texts } = this.block.columns.statistics
    if (texts === undefined) return false
    const at = this.#at(i)
    slice.bytes = texts.data
    slice.start = texts.offsets[at] as number
    slice.end = texts.offsets[at + 1] as number
    return slice.end > slice.start
  }

  loadStatistics(signal?: AbortSignal): Promise<void> {
    return this.block.columns.statistics.load(signal)
  }

  addFile(i: number): AddFile {
    return this.block.addFile(this.#at(i))
  }

  #at(i: number): number {
    return this.#positions === undefined ? i : (this.#positions[i] as number)
  }

  #gather(column: PartitionColumn | undefined): PartitionColumn {
    if (column === undefined) return { codes: new Int32Array(this.length), values: [null] }
    const positions = this.#positions
    if (positions === undefined) return column
    return { codes: positions.map((position) => column.codes[position] as number), values: column.values }
  }

  #sumSizes(): number {
    let sum = 0
    for (let i = 0; i < this.length; i++) sum += this.size(i)
    return sum
  }
}

/** @param dead ascending */
function subtract(positions: Int32Array | undefined, length: number, dead: readonly number[]): Int32Array {
  const left = new Int32Array(positions?.length ?? length)
  let count = 0
  let next = 0
  for (let k = 0; k < left.length; k++) {
    const position = positions === undefined ? k : (positions[k] as number)
    while (next < dead.length && (dead[next] as number) < position) next++
    if (dead[next] !== position) left[count++] = position
  }
  return left.slice(0, count)
}
