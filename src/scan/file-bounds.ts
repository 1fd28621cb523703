import type { BoundColumn, BoundPredicate } from '../expressions/bound-predicate.js'
import { ANY_VALUE, type BoundsGetter, type ColumnBounds } from '../expressions/column-bounds.js'
import type { AddFile, RemoveFile } from '../protocol/actions/action.js'
import { parsePartitionValue } from '../protocol/partition-value.js'
import { columnMappingMode, storedName } from '../schema/column-mapping.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { isPartitionColumn } from './partition-column.js'
import { partitionBounds } from './partition-values.js'
import { hasStatistics, StatisticsBounds } from './statistics-bounds.js'
import { StatisticsReader } from './statistics-reader.js'

/**
 * What the action of one file says about the columns of a predicate, for `mightMatch`: its partition values, and its statistics with allowance for what writers do
 * to them. Whoever asks for many files of a snapshot takes `planScan`.
 */
export function fileBounds(
  { metadata }: Pick<Snapshot, 'metadata'>,
  file: AddFile | RemoveFile,
  { columns }: BoundPredicate,
): BoundsGetter {
  const mode = columnMappingMode(metadata.configuration)
  const isPartition = isPartitionColumn(metadata)
  const others = columns.filter((column) => !isPartition(column) && hasStatistics(column))
  const reader = new StatisticsReader(others, mode)
  reader.openText(file.stats)
  const bounds = new Map<number, ColumnBounds>()
  for (const [k, statistics] of reader.columns.entries()) {
    const column = others[k] as BoundColumn
    bounds.set(column.index, new StatisticsBounds(column, statistics))
  }
  for (const column of columns.filter(isPartition)) {
    const name = storedName(column.fields[0], mode)
    // A remove action need not say them.
    if (file.partitionValues === undefined || !Object.hasOwn(file.partitionValues, name)) continue
    bounds.set(column.index, partitionBounds(parsePartitionValue(file.partitionValues[name] ?? null, column.dataType)))
  }
  return (column) => bounds.get(column.index) ?? ANY_VALUE
}
