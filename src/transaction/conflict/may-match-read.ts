import { bindPredicate } from '../../expressions/bind.js'
import type { BoundColumn } from '../../expressions/bound-predicate.js'
import { ALL_NULL, ANY_VALUE, type ColumnBounds } from '../../expressions/column-bounds.js'
import { mightMatch } from '../../expressions/might-match.js'
import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import { parsePartitionValue } from '../../protocol/partition-value.js'
import type { ColumnTree, FileStatistics } from '../../protocol/statistics/file-statistics.js'
import { parseStatistics } from '../../protocol/statistics/parse-statistics.js'
import { columnMappingMode, physicalSchema, storedName } from '../../schema/column-mapping.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { PendingCommit } from '../pending-commit.js'

/**
 * Whether an operation would have read a file of a winner. False only where that is certain, by the file's partition values and statistics; a file
 * without them counts as read.
 */
export function mayMatchRead({ read, base }: PendingCommit, file: AddFile | RemoveFile): boolean {
  if (read.wholeTable === true) return true
  if (read.predicate === undefined) return false
  return mightMatch(bindPredicate(read.predicate, base.schema), boundsOfFile(base, file))
}

function boundsOfFile(base: Snapshot, file: AddFile | RemoveFile): (column: BoundColumn) => ColumnBounds {
  const mode = columnMappingMode(base.metadata.configuration, base.protocol)
  const statistics =
    file.stats === undefined ? undefined : parseStatistics(file.stats, physicalSchema(base.schema, mode))
  return (column) => {
    const names = column.fields.map((field) => storedName(field, mode))
    if (names.length === 1 && base.metadata.partitionColumns.includes(column.path[0] as string)) {
      return partitionBounds(file, names[0] as string, column)
    }
    return statistics === undefined ? ANY_VALUE : statisticsBounds(statistics, names)
  }
}

function partitionBounds({ partitionValues }: AddFile | RemoveFile, name: string, column: BoundColumn): ColumnBounds {
  if (partitionValues === undefined || !Object.hasOwn(partitionValues, name)) return ANY_VALUE
  const value = parsePartitionValue(partitionValues[name] ?? null, column.dataType)
  return value === null ? ALL_NULL : { min: value, max: value, mayBeNull: false, mayBeValue: true }
}

function statisticsBounds(statistics: FileStatistics, names: readonly string[]): ColumnBounds {
  const nulls = leaf(statistics.nullCount, names)
  return {
    min: leaf(statistics.minValues, names),
    max: leaf(statistics.maxValues, names),
    mayBeNull: nulls !== 0,
    mayBeValue: nulls === undefined || nulls !== statistics.numRecords,
  }
}

function leaf<T>(tree: ColumnTree<T>, names: readonly string[]): T | undefined {
  let node: T | ColumnTree<T> | undefined = tree
  for (const name of names) node = node instanceof Map ? (node as ColumnTree<T>).get(name) : undefined
  return node instanceof Map ? undefined : (node as T | undefined)
}
