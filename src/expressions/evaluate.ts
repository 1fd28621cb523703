import { DeltaError } from '../errors/delta-error.js'
import type { Scalar } from '../schema/scalar.js'
import type { BoundColumn, BoundNode, BoundPredicate } from './bound-predicate.js'
import { includesScalar } from './sorted-scalars.js'

/** The value that one row has in a column; null where it has none. For structs, arrays, maps and variants that are not null, any value will do. */
export type RowGetter = (column: BoundColumn) => Scalar | null

/**
 * Whether a row fulfils a predicate: true, false, or null where SQL says unknown. InvalidPredicate if part of the predicate is opaque SQL
 * (see {@link BoundPredicate.opaque}).
 */
export function evaluate(bound: BoundPredicate, get: RowGetter): boolean | null {
  return evaluateNode(bound.root, get)
}

/** {@link evaluate} of a part of a predicate. */
export function evaluateNode(node: BoundNode, get: RowGetter): boolean | null {
  switch (node.op) {
    case 'compare': {
      const value = get(node.column)
      return value === null ? null : holds(node.comparison, node.column.order(value, node.value))
    }
    case 'in': {
      const value = get(node.column)
      if (value === null) return null
      return includesScalar(node.values, value, node.column.order) || (node.orNull ? null : false)
    }
    case 'startsWith': {
      const value = get(node.column)
      return value === null ? null : (value as string).startsWith(node.prefix)
    }
    case 'isNull':
      return get(node.column) === null
    case 'unlessNull':
      return get(node.column) === null ? null : node.value
    case 'and':
      return evaluateAll(node.children, get, false)
    case 'or':
      return evaluateAll(node.children, get, true)
    case 'not': {
      const value = evaluateNode(node.child, get)
      return value === null ? null : !value
    }
    case 'constant':
      return node.value
    case 'opaque':
      throw new DeltaError(
        'InvalidPredicate',
        `Only the SQL engine can evaluate ${JSON.stringify(node.sql)}. Use query(), or write the condition with comparisons, IN, IS NULL and LIKE 'prefix%'.`,
      )
  }
}

/** `decisive` false: and; `decisive` true: or. */
function evaluateAll(children: readonly BoundNode[], get: RowGetter, decisive: boolean): boolean | null {
  let result: boolean | null = !decisive
  for (const child of children) {
    const value = evaluateNode(child, get)
    if (value === decisive) return decisive
    if (value === null) result = null
  }
  return result
}

function holds(comparison: 'eq' | 'lt' | 'le' | 'gt' | 'ge', order: number): boolean {
  switch (comparison) {
    case 'eq':
      return order === 0
    case 'lt':
      return order < 0
    case 'le':
      return order <= 0
    case 'gt':
      return order > 0
    case 'ge':
      return order >= 0
  }
}
