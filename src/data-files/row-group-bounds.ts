import type { BoundColumn, BoundPredicate } from '../expressions/bound-predicate.js'
import { ALL_NULL, ANY_VALUE, type ColumnBounds } from '../expressions/column-bounds.js'
import { mightMatch } from '../expressions/might-match.js'
import { legacyCalendar } from '../parquet/legacy-calendar.js'
import type { ColumnChunkStatistics, ParquetFile, RowGroup } from '../parquet/parquet-file.js'
import { statisticScalar } from '../parquet/statistic-scalar.js'
import type { ColumnMappingMode } from '../schema/column-mapping.js'
import { storedPath } from './stored-fields.js'

/**
 * The row groups of a file in which a row might fulfil a predicate, by index.
 * @param otherBounds of columns that do not stand in the file; undefined for those that do
 */
export function matchingRowGroups(
  file: ParquetFile,
  predicate: BoundPredicate | undefined,
  mode: ColumnMappingMode,
  otherBounds: (column: BoundColumn) => ColumnBounds | undefined,
): number[] {
  const all = [...file.rowGroups.keys()]
  if (predicate === undefined || predicate.columns.length === 0) return all
  // Their statistics are in the other calendar, too.
  if (legacyCalendar(file) !== undefined) return all
  const leaves = predicate.columns.map((column) => leafOf(file, column, mode))
  return all.filter((index) => {
    const group = file.rowGroups[index] as RowGroup
    return mightMatch(predicate, (column) => {
      const other = otherBounds(column)
      if (other !== undefined) return other
      const leaf = leaves[column.index]
      return leaf === undefined ? ANY_VALUE : leaf === 'missing' ? ALL_NULL : chunkBounds(group.columns[leaf], column)
    })
  })
}

/** The position of a column among the chunks of a row group; undefined where it is no leaf. */
function leafOf(file: ParquetFile, column: BoundColumn, mode: ColumnMappingMode): number | 'missing' | undefined {
  const path = storedPath(file.schema.fields, column.fields, mode)
  if (path === undefined) return 'missing'
  const key = JSON.stringify(path)
  const position = file.rowGroups[0]?.columns.findIndex(({ leaf }) => JSON.stringify(leaf.path) === key) ?? -1
  return position < 0 ? undefined : position
}

function chunkBounds(chunk: ColumnChunkStatistics | undefined, { dataType }: BoundColumn): ColumnBounds {
  if (chunk === undefined) return ANY_VALUE
  const { leaf, nullCount, numValues, min, max } = chunk
  return {
    min: min === undefined ? undefined : statisticScalar(leaf, min, dataType, 'min'),
    max: max === undefined ? undefined : statisticScalar(leaf, max, dataType, 'max'),
    mayBeNull: nullCount !== 0,
    mayBeValue: nullCount !== numValues,
  }
}
