import type { BoundColumn } from '../expressions/bound-predicate.js'
import { ANY_VALUE, type BoundsGetter, type ColumnBounds } from '../expressions/column-bounds.js'
import { nodeMightMatch } from '../expressions/might-match.js'
import type { ColumnMappingMode } from '../schema/column-mapping.js'
import type { FileChunk } from '../snapshot/file-list.js'
import { partitionBounds, partitionValues } from './partition-values.js'
import type { Conjunct } from './split-predicate.js'
import { hasStatistics, StatisticsBounds } from './statistics-bounds.js'
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
    if (nodeMightMatch(condition.node, bounds.get)) kept[count++] = i
  }
  return kept.slice(0, count)
}

/** What is known of the columns of a condition in one file after another. */
class ChunkBounds {
  readonly get: BoundsGetter
  private readonly chunk: FileChunk
  private readonly reader: StatisticsReader
  /** By the columns' indexes. Partition columns are set anew for each file. */
  private readonly bounds: ColumnBounds[] = []
  private readonly partitions: { readonly index: number; readonly codes: Int32Array; readonly byCode: ColumnBounds[] }[]

  constructor(
    chunk: FileChunk,
    columns: readonly BoundColumn[],
    isPartition: (column: BoundColumn) => boolean,
    mode: ColumnMappingMode,
  ) {
    this.chunk = chunk
    this.partitions = columns.filter(isPartition).map((column) => {
      const { codes, values } = partitionValues(chunk, column, mode)
      return { index: column.index, codes, byCode: values.map(partitionBounds) }
    })
    const others = columns.filter((column) => !isPartition(column) && hasStatistics(column))
    this.reader = new StatisticsReader(others, mode)
    for (const [k, statistics] of this.reader.columns.entries()) {
      const column = others[k] as BoundColumn
      this.bounds[column.index] = new StatisticsBounds(column, statistics)
    }
    this.get = (column) => this.bounds[column.index] ?? ANY_VALUE
  }

  open(i: number): void {
    this.reader.open(this.chunk.stats(i))
    for (const { index, codes, byCode } of this.partitions) {
      this.bounds[index] = byCode[codes[i] as number] ?? ANY_VALUE
    }
  }
}
