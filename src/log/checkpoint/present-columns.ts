import type { ParquetFile, ParquetReadOptions } from '../../parquet/parquet-file.js'

export type ColumnsOfRowGroups = Required<Pick<ParquetReadOptions, 'columns' | 'rowGroups'>>

/**
 * The part of a checkpoint file that has a value in one of `columns`: most row groups have actions of one kind only, and fields such as
 * deletion vectors are often null throughout. What the footer does not say counts as present.
 *
 * @param columns paths from the top-level column down
 */
export function presentColumns(file: ParquetFile, columns: readonly (readonly string[])[]): ColumnsOfRowGroups {
  const present = columns.map(() => false)
  const rowGroups: number[] = []
  file.rowGroups.forEach((group, index) => {
    let wanted = false
    for (const { leaf, nullCount, numValues } of group.columns) {
      if (nullCount === numValues) continue
      columns.forEach((path, i) => {
        if (!path.every((name, k) => leaf.path[k] === name)) return
        present[i] = true
        wanted = true
      })
    }
    if (wanted) rowGroups.push(index)
  })
  return { columns: columns.filter((_, i) => present[i]), rowGroups }
}
