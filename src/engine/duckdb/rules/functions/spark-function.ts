import type { TranslationScope } from '../translation-scope.js'
import { refused, type TypedSql } from '../typed-sql.js'

/** A function of Spark whose result DuckDB can compute, as it is called with operands of some types. */
export interface SparkFunction {
  readonly least: number
  /** Default: as many as the least. */
  readonly most?: number
  readonly sql: (operands: readonly TypedSql[], scope: TranslationScope) => TypedSql
}

/** Functions by name, in small letters. */
export type SparkFunctions = { readonly [name: string]: SparkFunction }

/** A function of one operand. */
export function unary(sql: (operand: TypedSql) => TypedSql): SparkFunction {
  return { least: 1, sql: ([operand]) => sql(operand as TypedSql) }
}

/** A function of two operands. */
export function binary(sql: (a: TypedSql, b: TypedSql) => TypedSql): SparkFunction {
  return { least: 2, sql: ([a, b]) => sql(a as TypedSql, b as TypedSql) }
}

/** The text that an operand is written as. */
export function writtenText({ literal }: TypedSql, what: string): string {
  if (literal !== undefined && 'text' in literal) return literal.text
  throw refused(`${what} is not written out as a text`)
}

/** The whole number that an operand is written as. */
export function writtenNumber({ literal }: TypedSql, what: string): number {
  const number = literal !== undefined && 'number' in literal ? Number(literal.number) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw refused(`${what} is not written out as a whole number`)
}
