import type { BoundColumn } from '../expressions/bound-predicate.js'
import { ANY_VALUE, type BoundsGetter, type ColumnBounds } from '../expressions/column-bounds.js'
import { nodeMightMatch } from '../expressions/might-match.js'
import type { ColumnMappingMode } from '../schema/column-mapping.js'
import type { FileChunk, Utf8Slice } from '../snapshot/file-list.js'
import { partitionBounds, partitionValues } from './partition-values.js'
import type { Conjunct } from './split-predicate.js'
import { hasStatistics, RangeBounds, StatisticsBounds } from './statistics-bounds.js'
import { StatisticsReader } from './statistics-reader.js'

/**
 * Those of the given files whose statistics, with their partition values, do not rule a condition out. Files without statistics stay. The statistics of
 * the chunk must be loaded.
 */
export function pruneByStatistics(
  chunk: FileChunk,
  positions: Int32Array,
  condition: Conjunct,
  isPartition: (column: BoundColumn) => boolean,
  mode: ColumnMappingMode,
): Int32Array {
  const bounds = new ChunkBounds(chunk, condition.columns, isPartition, mode)
  const kept = new Int32Array(positions.length)
  let count = 0
  for (const i of positions) {
    bounds.open(i)
    // Most files go by their minimum or maximum: null counts are read of the others only.
    const { node } = condition
    if (nodeMightMatch(node, bounds.ranges) && nodeMightMatch(node, bounds.all)) kept[count++] = i
  }
  return kept.slice(0, count)
}

/** What is known of the columns of a condition in one file after another. */
class ChunkBounds {
  /** Without null counts. */
  readonly ranges: BoundsGetter
  readonly all: BoundsGetter
  private readonly chunk: FileChunk
  private readonly reader: StatisticsReader
  private readonly slice: Utf8Slice = { bytes: new Uint8Array(0), start: 0, end: 0 }
  private readonly partitions: readonly PartitionBounds[]

  constructor(
    chunk: FileChunk,
    columns: readonly BoundColumn[],
    isPartition: (column: BoundColumn) => boolean,
    mode: ColumnMappingMode,
  ) {
    const others = columns.filter((column) => !isPartition(column) && hasStatistics(column))
    this.chunk = chunk
    this.reader = new StatisticsReader(others, mode)
    this.partitions = columns.filter(isPartition).map((column) => partitionBoundsOf(chunk, column, mode))
    const ranges: ColumnBounds[] = []
    const all: ColumnBounds[] = []
    for (const [k, statistics] of this.reader.columns.entries()) {
      const column = others[k] as BoundColumn
      ranges[column.index] = new RangeBounds(column, statistics)
      all[column.index] = new StatisticsBounds(column, statistics)
    }
    for (const { index, current } of this.partitions) ranges[index] = all[index] = current
    this.ranges = ({ index }) => ranges[index] ?? ANY_VALUE
    this.all = ({ index }) => all[index] ?? ANY_VALUE
  }

  open(i: number): void {
    this.reader.open(this.chunk.locateStats(i, this.slice) ? this.slice : undefined)
    for (const { current, codes, byCode } of this.partitions) Object.assign(current, byCode[codes[i] as number])
  }
}

/** A partition column: `current` is what it is in the file that is open. */
interface PartitionBounds {
  readonly index: number
  readonly current: ColumnBounds
  readonly codes: Int32Array
  readonly byCode: readonly ColumnBounds[]
}

function partitionBoundsOf(chunk: FileChunk, column: BoundColumn, mode: ColumnMappingMode): PartitionBounds {
  const { codes, values } = partitionValues(chunk, column, mode)
  const byCode = values.map((value) => ({ min: undefined, max: undefined, ...partitionBounds(value) }))
  return { index: column.index, current: { ...ANY_VALUE }, codes, byCode }
}
