import type { DataType, DecimalType } from '../data-type.js'

const INTEGERS: readonly string[] = ['byte', 'short', 'integer', 'long']

/** Whether a type may be changed to another, wider one (PROTOCOL.md, "Type Widening"). Of nested types their parts are asked for. */
export function canWiden(from: DataType, to: DataType): boolean {
  const fromInteger = INTEGERS.indexOf(from.type)
  if (to.type === 'decimal') {
    if (from.type === 'decimal') return holdsDecimal(to, from) && !isEqual(to, from)
    return fromInteger >= 0 && holdsDecimal(to, { precision: from.type === 'long' ? 20 : 10, scale: 0 })
  }
  const toInteger = INTEGERS.indexOf(to.type)
  if (fromInteger >= 0 && toInteger >= 0) return toInteger > fromInteger
  if (to.type === 'double') return from.type === 'float' || (fromInteger >= 0 && from.type !== 'long')
  return from.type === 'date' && to.type === 'timestamp_ntz'
}

/**
 * Whether data of a wider type may widen a column by itself. Fewer changes than {@link canWiden} allows, the same as Spark: what makes another kind of number of
 * integers is for whoever alters the table to decide.
 */
export function widensByItself(from: DataType, to: DataType): boolean {
  return canWiden(from, to) && !(INTEGERS.includes(from.type) && !INTEGERS.includes(to.type))
}

/** Whether Apache Iceberg knows the change too, which tables that are both may not go beyond (PROTOCOL.md, "Writer Requirements for Type Widening"). */
export function icebergWidens(from: DataType, to: DataType): boolean {
  if (from.type === 'decimal' && to.type === 'decimal') return from.scale === to.scale
  if (INTEGERS.includes(from.type)) return INTEGERS.includes(to.type)
  return from.type === 'float'
}

type Digits = Pick<DecimalType, 'precision' | 'scale'>

/** Every digit of one fits into the other: precision grows at least as much as the scale. */
function holdsDecimal(wide: Digits, narrow: Digits): boolean {
  return wide.scale >= narrow.scale && wide.precision - wide.scale >= narrow.precision - narrow.scale
}

function isEqual(a: Digits, b: Digits): boolean {
  return a.precision === b.precision && a.scale === b.scale
}
