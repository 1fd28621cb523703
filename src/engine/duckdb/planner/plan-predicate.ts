import type { ColumnPath, Comparison, Literal, Predicate } from '../../../expressions/predicate.js'
import { planConstant } from './plan-constant.js'
import { list, node, type PlanNode, type PlanValue } from './plan-json.js'

/** The path of the column behind a position in a plan node's input. */
export type ColumnOf = (index: number) => ColumnPath | undefined

/**
 * What a bound expression says of the columns, as a predicate. `exact` is false where parts of it have no form: then every row that
 * fulfils the expression fulfils the predicate too, but not the other way round.
 */
export interface Translated {
  readonly predicate: Predicate
  readonly exact: boolean
}

const COMPARISONS: { readonly [type: string]: readonly [Comparison, Comparison] } = {
  COMPARE_EQUAL: ['eq', 'eq'],
  COMPARE_NOTEQUAL: ['ne', 'ne'],
  COMPARE_LESSTHAN: ['lt', 'gt'],
  COMPARE_LESSTHANOREQUALTO: ['le', 'ge'],
  COMPARE_GREATERTHAN: ['gt', 'lt'],
  COMPARE_GREATERTHANOREQUALTO: ['ge', 'le'],
  COMPARE_NOT_DISTINCT_FROM: ['nullSafeEq', 'nullSafeEq'],
}

const ANYTHING: Translated = { predicate: { op: 'constant', value: true }, exact: false }

/** Translates an expression of a plan; what has no form in it becomes true, which loses exactness but drops no row. */
export function planPredicate(expression: PlanValue, columnOf: ColumnOf): Translated {
  const found = node(expression)
  if (found === undefined) return ANYTHING
  const type = String(found.type)
  if (type in COMPARISONS) return comparison(found, type, columnOf)
  const children = list(found.children)
  switch (type) {
    case 'CONJUNCTION_AND':
      return conjunction(children.map((child) => planPredicate(child, columnOf)))
    case 'CONJUNCTION_OR':
      return disjunction(children.map((child) => planPredicate(child, columnOf)))
    case 'OPERATOR_NOT':
      return negated(planPredicate(children[0], columnOf))
    case 'COMPARE_DISTINCT_FROM':
      return negated(comparison(found, 'COMPARE_NOT_DISTINCT_FROM', columnOf))
    case 'COMPARE_IN':
      return membership(children, columnOf)
    case 'COMPARE_NOT_IN':
      return negated(membership(children, columnOf))
    case 'COMPARE_BETWEEN':
      return between(found, columnOf)
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL': {
      const column = columnPath(children[0], columnOf)
      return column === undefined
        ? ANYTHING
        : exactly({ op: type === 'OPERATOR_IS_NULL' ? 'isNull' : 'isNotNull', column })
    }
    case 'BOUND_FUNCTION':
      return functionCall(found, columnOf)
    case 'VALUE_CONSTANT': {
      const constant = planConstant(node(found.value) ?? {})
      const value = constant?.value
      return value === null || typeof value === 'boolean' ? exactly({ op: 'constant', value }) : ANYTHING
    }
    default: {
      // A boolean column by itself.
      const column = columnPath(found, columnOf)
      const isBoolean = node(found.return_type)?.id === 'BOOLEAN'
      return column !== undefined && isBoolean ? exactly({ op: 'eq', column, value: true }) : ANYTHING
    }
  }
}

export function conjunction(parts: readonly Translated[]): Translated {
  const children = parts.map((part) => part.predicate).filter((part) => part.op !== 'constant' || part.value !== true)
  const exact = parts.every((part) => part.exact)
  const [only] = children
  if (only === undefined) return { predicate: { op: 'constant', value: true }, exact }
  return { predicate: children.length === 1 ? only : { op: 'and', children }, exact }
}

export function disjunction(parts: readonly Translated[]): Translated {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return {
    predicate: { op: 'or', children: parts.map((part) => part.predicate) },
    exact: parts.every((part) => part.exact),
  }
}

function comparison(found: PlanNode, type: string, columnOf: ColumnOf): Translated {
  const [forward, backward] = COMPARISONS[type] as readonly [Comparison, Comparison]
  return (
    compare(forward, found.left, found.right, columnOf) ??
    compare(backward, found.right, found.left, columnOf) ??
    ANYTHING
  )
}

function compare(op: Comparison, left: PlanValue, right: PlanValue, columnOf: ColumnOf): Translated | undefined {
  const column = columnPath(left, columnOf)
  const constant = literalOf(right)
  return column === undefined || constant === undefined ? undefined : exactly({ op, column, value: constant.value })
}

function between(found: PlanNode, columnOf: ColumnOf): Translated {
  const column = columnPath(found.input, columnOf)
  const lower = literalOf(found.lower)
  const upper = literalOf(found.upper)
  if (column === undefined || lower === undefined || upper === undefined) return ANYTHING
  return conjunction([
    exactly({ op: found.lower_inclusive === false ? 'gt' : 'ge', column, value: lower.value }),
    exactly({ op: found.upper_inclusive === false ? 'lt' : 'le', column, value: upper.value }),
  ])
}

function membership([needle, ...choices]: readonly PlanValue[], columnOf: ColumnOf): Translated {
  const column = columnPath(needle, columnOf)
  const values: Literal[] = []
  for (const choice of choices) {
    const constant = literalOf(choice)
    if (constant === undefined) return ANYTHING
    values.push(constant.value)
  }
  return column === undefined ? ANYTHING : exactly({ op: 'in', column, values })
}

function functionCall(found: PlanNode, columnOf: ColumnOf): Translated {
  const [subject, argument] = list(found.children)
  if (found.name !== 'prefix' && found.name !== 'starts_with') {
    const column = columnPath(found, columnOf)
    const isBoolean = node(found.return_type)?.id === 'BOOLEAN'
    return column !== undefined && isBoolean ? exactly({ op: 'eq', column, value: true }) : ANYTHING
  }
  const column = columnPath(subject, columnOf)
  const prefix = literalOf(argument)?.value
  return column === undefined || typeof prefix !== 'string' ? ANYTHING : exactly({ op: 'startsWith', column, prefix })
}

/** A column, or a field of a struct; undefined for anything that computes. */
function columnPath(expression: PlanValue, columnOf: ColumnOf): ColumnPath | undefined {
  const found = node(expression)
  if (found?.type === 'BOUND_REF') return columnOf(Number(found.index))
  if (found?.type !== 'BOUND_FUNCTION' || found.name !== 'struct_extract') return undefined
  const [parent, field] = list(found.children)
  const path = columnPath(parent, columnOf)
  const name = literalOf(field)?.value
  return path === undefined || typeof name !== 'string' ? undefined : [...path, name]
}

function literalOf(expression: PlanValue): { readonly value: Literal } | undefined {
  const found = node(expression)
  return found?.type === 'VALUE_CONSTANT' ? planConstant(node(found.value) ?? {}) : undefined
}

function negated(part: Translated): Translated {
  return part.exact ? exactly({ op: 'not', child: part.predicate }) : ANYTHING
}

function exactly(predicate: Predicate): Translated {
  return { predicate, exact: true }
}
