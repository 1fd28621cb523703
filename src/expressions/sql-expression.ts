import { DeltaError } from '../errors/delta-error.js'

/** SQL that computes a value, see {@link sql}. */
export interface SqlExpression {
  readonly op: 'sql'
  readonly sql: string
}

/**
 * A value that is computed: `update({ set: { price: sql('price * 1.1') } })`. Columns of the row may be named; in a merge, `target.` and `source.` tell the two rows apart.
 * It is read by DuckDB's rules.
 */
export function sql(text: string): SqlExpression {
  if (typeof text === 'string' && text.trim() !== '') return Object.freeze({ op: 'sql', sql: text })
  throw new DeltaError('InvalidArgument', "sql(...) takes an expression as text, such as sql('price * 1.1').")
}

/** Tells an expression from a value: no plain object that is a struct has exactly this form. */
export function isSqlExpression(value: unknown): value is SqlExpression {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.isFrozen(value) &&
    'op' in value &&
    value.op === 'sql' &&
    'sql' in value &&
    typeof value.sql === 'string'
  )
}
