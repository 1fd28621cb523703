import type { Scalar } from '../schema/scalar.js'
import type { BoundColumn } from './bound-predicate.js'

/**
 * What is known of the values that a column has in a set of rows: a data file, a row group, a partition. Whoever knows less says more is possible: the absence of a
 * bound means that there may be any value.
 */
export interface ColumnBounds {
  /** No value is smaller. */
  readonly min?: Scalar | undefined
  /** No value is greater, NaN left out: floats and doubles may have NaN whatever their bounds say. */
  readonly max?: Scalar | undefined
  /** False only if no row is null. */
  readonly mayBeNull: boolean
  /** False only if every row is null. */
  readonly mayBeValue: boolean
}

/** Answers the bounds of a column. It may be asked more than once for one. */
export type BoundsGetter = (column: BoundColumn) => ColumnBounds

/** Nothing is known. */
export const ANY_VALUE: ColumnBounds = { mayBeNull: true, mayBeValue: true }

/** Every row is null: a column that the rows were written without. */
export const ALL_NULL: ColumnBounds = { mayBeNull: true, mayBeValue: false }
