import type { Scalar } from '../schema/scalar.js'
import type { BoundColumn, BoundNode, BoundPredicate } from './bound-predicate.js'
import type { BoundsGetter, ColumnBounds } from './column-bounds.js'
import { firstNotBelow } from './sorted-scalars.js'

/** Columns, by index, of which the rows in question are known to hold no NaN. */
type WithoutNaN = ReadonlySet<number>

type ColumnNode = Extract<BoundNode, { column: BoundColumn }>

const NONE: WithoutNaN = new Set()

/**
 * Whether some row within bounds might fulfil a predicate. False only if none can: then a file or a row group need not be read. Opaque SQL might always be fulfilled.
 */
export function mightMatch(bound: BoundPredicate, boundsOf: BoundsGetter): boolean {
  return canBe(bound.root, true, boundsOf, NONE)
}

/** {@link mightMatch} of a part of a predicate. */
export function nodeMightMatch(node: BoundNode, boundsOf: BoundsGetter): boolean {
  return canBe(node, true, boundsOf, NONE)
}

/** Whether a row within bounds can give a node this value of three-valued logic; too often true rather than too seldom. */
function canBe(node: BoundNode, outcome: boolean | null, boundsOf: BoundsGetter, noNaN: WithoutNaN): boolean {
  switch (node.op) {
    case 'constant':
      return node.value === outcome
    case 'opaque':
      return true
    case 'not':
      return canBe(node.child, outcome === null ? null : !outcome, boundsOf, noNaN)
    case 'and':
      return allCanBe(node.children, false, outcome, boundsOf, noNaN)
    case 'or':
      return allCanBe(node.children, true, outcome, boundsOf, noNaN)
    default:
      return columnCanBe(node, outcome, boundsOf(node.column), noNaN)
  }
}

/** `decisive` false: and; `decisive` true: or. */
function allCanBe(
  children: readonly BoundNode[],
  decisive: boolean,
  outcome: boolean | null,
  boundsOf: BoundsGetter,
  noNaN: WithoutNaN,
): boolean {
  if (outcome === null) {
    return (
      children.some((child) => canBe(child, null, boundsOf, noNaN)) &&
      children.every((child) => canBe(child, null, boundsOf, noNaN) || canBe(child, !decisive, boundsOf, noNaN))
    )
  }
  if (outcome === decisive) {
    for (const child of children) if (canBe(child, outcome, boundsOf, noNaN)) return true
    return false
  }
  // A row that fulfils every part fulfils `x <= 5`, so in the other parts its x is not NaN.
  const known = decisive ? noNaN : withoutNaN(children, noNaN)
  for (const child of children) if (!canBe(child, outcome, boundsOf, known)) return false
  return true
}

function withoutNaN(children: readonly BoundNode[], noNaN: WithoutNaN): WithoutNaN {
  let known = noNaN
  for (const child of children) {
    if (child.op !== 'compare' || !mayHoldNaN(child.column, known)) continue
    if (child.comparison === 'gt' || child.comparison === 'ge' || Number.isNaN(child.value)) continue
    known = new Set([...known, child.column.index])
  }
  return known
}

function mayHoldNaN({ dataType, index }: BoundColumn, noNaN: WithoutNaN): boolean {
  return (dataType.type === 'double' || dataType.type === 'float') && !noNaN.has(index)
}

function columnCanBe(node: ColumnNode, outcome: boolean | null, bounds: ColumnBounds, noNaN: WithoutNaN): boolean {
  if (node.op === 'isNull') return outcome === null ? false : outcome ? bounds.mayBeNull : bounds.mayBeValue
  if (outcome === null) return bounds.mayBeNull || (node.op === 'in' && node.orNull && bounds.mayBeValue)
  // Whether there are values at all is asked last: it may take more statistics.
  return valueCanBe(node, outcome, bounds, mayHoldNaN(node.column, noNaN)) && bounds.mayBeValue
}

function valueCanBe(
  node: Exclude<ColumnNode, { op: 'isNull' }>,
  outcome: boolean,
  bounds: ColumnBounds,
  nan: boolean,
): boolean {
  switch (node.op) {
    case 'unlessNull':
      return node.value === outcome
    case 'compare':
      return comparisonCanBe(node, outcome, bounds, nan)
    case 'in':
      return membershipCanBe(node, outcome, bounds, nan)
    case 'startsWith':
      return prefixCanBe(node, outcome, bounds)
  }
}

function comparisonCanBe(
  { comparison, column: { order }, value }: Extract<BoundNode, { op: 'compare' }>,
  outcome: boolean,
  bounds: ColumnBounds,
  nan: boolean,
): boolean {
  switch (comparison) {
    case 'eq':
      return outcome ? canEqual(bounds, value, order, nan) : !isOnly(bounds, value, order, nan)
    case 'lt':
      return outcome ? lowest(bounds, value, order) < 0 : highest(bounds, value, order, nan) >= 0
    case 'le':
      return outcome ? lowest(bounds, value, order) <= 0 : highest(bounds, value, order, nan) > 0
    case 'gt':
      return outcome ? highest(bounds, value, order, nan) > 0 : lowest(bounds, value, order) <= 0
    case 'ge':
      return outcome ? highest(bounds, value, order, nan) >= 0 : lowest(bounds, value, order) < 0
  }
}

type Order = BoundColumn['order']

/** How the smallest possible value compares with `value`. */
function lowest({ min }: ColumnBounds, value: Scalar, order: Order): number {
  return min === undefined || Number.isNaN(min) ? -1 : order(min, value)
}

/** How the greatest possible value compares with `value`. */
function highest({ max }: ColumnBounds, value: Scalar, order: Order, nan: boolean): number {
  if (nan) return Number.isNaN(value) ? 0 : 1
  return max === undefined || Number.isNaN(max) ? 1 : order(max, value)
}

function canEqual(bounds: ColumnBounds, value: Scalar, order: Order, nan: boolean): boolean {
  if (Number.isNaN(value)) return nan
  return lowest(bounds, value, order) <= 0 && highest(bounds, value, order, false) >= 0
}

/** Whether every row has this value. */
function isOnly({ min, max }: ColumnBounds, value: Scalar, order: Order, nan: boolean): boolean {
  if (nan || min === undefined || max === undefined) return false
  return order(min, value) === 0 && order(max, value) === 0
}

function membershipCanBe(
  { column: { order }, values, orNull }: Extract<BoundNode, { op: 'in' }>,
  outcome: boolean,
  bounds: ColumnBounds,
  nan: boolean,
): boolean {
  if (!outcome) return !orNull && !values.some((value) => isOnly(bounds, value, order, nan))
  if (nan && values.some((value) => Number.isNaN(value))) return true
  const { min } = bounds
  const first = min === undefined || Number.isNaN(min) ? 0 : firstNotBelow(values, min, order)
  const candidate = values[first]
  return candidate !== undefined && canEqual(bounds, candidate, order, nan)
}

function prefixCanBe(
  { column: { order }, prefix }: Extract<BoundNode, { op: 'startsWith' }>,
  outcome: boolean,
  { min, max }: ColumnBounds,
): boolean {
  const first = min as string | undefined
  const last = max as string | undefined
  if (!outcome) return !(first?.startsWith(prefix) && last?.startsWith(prefix))
  // Texts with the prefix are one run of the order: it lies above max if the prefix does, and below min if min is greater and begins otherwise.
  if (last !== undefined && order(last, prefix) < 0) return false
  return first === undefined || order(first, prefix) <= 0 || first.startsWith(prefix)
}
