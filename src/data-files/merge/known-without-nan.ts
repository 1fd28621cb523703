import type { AddFile } from '../../protocol/actions/action.js'
import type { ColumnTree, FileStatistics } from '../../protocol/statistics/file-statistics.js'
import { parseStatistics } from '../../protocol/statistics/parse-statistics.js'
import type { StructType } from '../../schema/data-type.js'

/**
 * Which columns of floats have no NaN in any of some files, as the log knows them: NaN would be the maximum, and has no place in JSON.
 *
 * @param schema the columns with statistics, by physical names
 */
export function knownWithoutNaN(files: readonly AddFile[], schema: StructType): (path: readonly string[]) => boolean {
  let parsed: readonly (FileStatistics | undefined)[] | undefined
  return (path) => {
    parsed ??= files.map(({ stats }) => (stats === undefined ? undefined : parseStatistics(stats, schema)))
    return parsed.every((statistics) => statistics !== undefined && hasMaximum(statistics, path))
  }
}

/** Or only nulls. */
function hasMaximum({ maxValues, nullCount, numRecords }: FileStatistics, path: readonly string[]): boolean {
  return valueAt(maxValues, path) !== undefined || (numRecords !== undefined && valueAt(nullCount, path) === numRecords)
}

function valueAt<T>(tree: ColumnTree<T>, path: readonly string[]): T | undefined {
  let level: ColumnTree<T> = tree
  for (const [i, name] of path.entries()) {
    const next = level.get(name)
    if (!(next instanceof Map)) return i === path.length - 1 ? (next as T | undefined) : undefined
    level = next
  }
  return undefined
}
