import { DeltaError } from '../errors/delta-error.js'
import type { Scalar } from '../schema/scalar.js'
import { columnName } from '../schema/schema-error.js'
import { typeText } from '../schema/type-text.js'
import type { BoundColumn, BoundNode } from './bound-predicate.js'
import { fitLiteral } from './fit-literal.js'
import type { LiteralFit } from './literal-fit.js'
import type { Comparison, Literal } from './predicate.js'

const UNKNOWN: BoundNode = { op: 'constant', value: null }

/** A comparison of a column with a literal, which may be null or no value of the column's type. */
export function bindComparison(column: BoundColumn, op: Comparison, literal: Literal): BoundNode {
  if (op === 'nullSafeEq') {
    const isNull: BoundNode = { op: 'isNull', column }
    if (literal === null) return isNull
    return { op: 'and', children: [{ op: 'not', child: isNull }, bindComparison(column, 'eq', literal)] }
  }
  if (op === 'ne') return { op: 'not', child: bindComparison(column, 'eq', literal) }
  if (literal === null || column.dataType.type === 'void') return UNKNOWN
  const fit = fitOf(column, literal)
  switch (fit.at) {
    case 'value':
      return { op: 'compare', comparison: op, column, value: fit.value }
    case 'gap':
      if (op === 'eq') return { op: 'unlessNull', column, value: false }
      return { op: 'compare', comparison: op === 'lt' || op === 'le' ? 'le' : 'gt', column, value: fit.below }
    case 'below':
      return { op: 'unlessNull', column, value: op === 'gt' || op === 'ge' }
    case 'above':
      return { op: 'unlessNull', column, value: op === 'lt' || op === 'le' }
  }
}

/** `IN`: what is no value of the column's type equals none of its rows. */
export function bindMembership(column: BoundColumn, literals: readonly Literal[]): BoundNode {
  if (column.dataType.type === 'void') return literals.length === 0 ? { op: 'constant', value: false } : UNKNOWN
  const values: Scalar[] = []
  for (const literal of literals) {
    if (literal === null) continue
    const fit = fitOf(column, literal)
    if (fit.at === 'value') values.push(fit.value)
  }
  values.sort(column.order)
  const distinct = values.filter((value, i) => i === 0 || column.order(values[i - 1] as Scalar, value) !== 0)
  if (literals.length === 0) return { op: 'constant', value: false }
  return { op: 'in', column, values: distinct, orNull: literals.includes(null) }
}

function fitOf(column: BoundColumn, literal: Exclude<Literal, null>): LiteralFit {
  const fit = fitLiteral(literal, column.dataType)
  if (fit !== undefined) return fit
  const name = columnName(column.path)
  throw new DeltaError(
    'InvalidPredicate',
    `Column ${name} is ${typeText(column.dataType)} and cannot be compared with ${describe(literal)}.`,
    { details: { column: name } },
  )
}

function describe(literal: unknown): string {
  if (typeof literal === 'string') return `the text ${JSON.stringify(literal.slice(0, 100))}`
  if (literal instanceof Uint8Array) return 'bytes'
  if (literal instanceof Date) return Number.isNaN(literal.getTime()) ? 'an invalid date' : literal.toISOString()
  return `the ${typeof literal} ${String(literal)}`
}
