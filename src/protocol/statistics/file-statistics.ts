import type { Scalar } from '../../schema/scalar.js'

/**
 * One value for each column that has one, nested as the columns are: the key is the **physical** name of a field, the value is a leaf or,
 * for a struct, the tree of its fields. A map, because column names are data: `__proto__` is a legal one.
 */
export type ColumnTree<T> = ReadonlyMap<string, T | ColumnTree<T>>

/**
 * What is known of the rows of one data file (PROTOCOL.md, "Per-file Statistics"). Columns that are not in a tree have no statistics;
 * arrays, maps and variants have a null count at most.
 */
export interface FileStatistics {
  /** Rows in the Parquet file, those that a deletion vector hides included. Absent where the writer left it out. */
  readonly numRecords?: number
  /** No row is smaller. Not always a value of the file: strings are cut, timestamps too. */
  readonly minValues: ColumnTree<Scalar>
  /** No row is greater. Not always a value of the file: strings are cut and raised, timestamps too. */
  readonly maxValues: ColumnTree<Scalar>
  readonly nullCount: ColumnTree<number>
  /**
   * False for wide bounds: rows were deleted since the statistics were taken, so that the extremes may not exist and a null count counts
   * only when it is 0 or equals `numRecords`.
   */
  readonly tightBounds: boolean
}
