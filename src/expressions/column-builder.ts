import { DeltaError } from '../errors/delta-error.js'
import { parseColumnPath } from './column-path.js'
import { type Condition, condition } from './condition.js'
import type { ColumnPath, Comparison, Literal } from './predicate.js'

/** What a column can be compared with: null has `isNull()`. */
export type Value = Exclude<Literal, null>

/** The conditions that can be set on one column, see {@link col}. */
export interface ColumnConditions {
  eq(value: Value): Condition
  /** Unknown, not true, where the column is null. */
  ne(value: Value): Condition
  lt(value: Value): Condition
  le(value: Value): Condition
  gt(value: Value): Condition
  ge(value: Value): Condition
  /** Both ends included. */
  between(low: Value, high: Value): Condition
  /** Equal to one of the values. With null among them the condition is never false, as in SQL. */
  in(values: readonly Literal[]): Condition
  isNull(): Condition
  isNotNull(): Condition
  /** Text that begins with `prefix`, taken literally. */
  startsWith(prefix: string): Condition
}

/**
 * Begins a condition on a column: `col('kind').eq('click').and(col('at').ge('2026-01-01'))`. Values get the type of the column when the
 * condition meets a table: dates, timestamps and decimals may be written as strings.
 * @param column a name, names separated by dots for a field of a struct, or a list of names where names have dots in them
 */
export function col(column: string | ColumnPath): ColumnConditions {
  const path = parseColumnPath(column)
  const compare = (op: Comparison, value: Value): Condition => {
    if (value === null || value === undefined) throw nullValue(path, op)
    return condition({ op, column: path, value })
  }
  return {
    eq: (value) => compare('eq', value),
    ne: (value) => compare('ne', value),
    lt: (value) => compare('lt', value),
    le: (value) => compare('le', value),
    gt: (value) => compare('gt', value),
    ge: (value) => compare('ge', value),
    between: (low, high) => compare('ge', low).and(compare('le', high)),
    in: (values) => condition({ op: 'in', column: path, values: [...values] }),
    isNull: () => condition({ op: 'isNull', column: path }),
    isNotNull: () => condition({ op: 'isNotNull', column: path }),
    startsWith: (prefix) => condition({ op: 'startsWith', column: path, prefix }),
  }
}

function nullValue(path: ColumnPath, op: string): DeltaError {
  const column = path.join('.')
  return new DeltaError(
    'InvalidPredicate',
    `${op} compares column ${column} with nothing, which is never true. Use isNull() or isNotNull() to look for nulls.`,
    { details: { column } },
  )
}
