import type { DataType } from './data-type.js'
import type { Scalar } from './scalar.js'

/** Negative, zero or positive: what `Array.sort` takes. */
export type ScalarOrder = (a: Scalar, b: Scalar) => number

/**
 * Orders two values of one type as Delta statistics, Spark and DuckDB do: false before true; strings by code points (the order of their UTF-8 bytes);
 * binary by unsigned bytes, a prefix first; NaN equal to itself and greater than every other number; -0 equal to 0.
 */
export function compareScalars(type: DataType, a: Scalar, b: Scalar): number {
  return scalarOrder(type)(a, b)
}

/** {@link compareScalars} of one type, for loops. */
export function scalarOrder(type: DataType): ScalarOrder {
  switch (type.type) {
    case 'string':
      return compareStrings as ScalarOrder
    case 'binary':
      return compareBytes as ScalarOrder
    case 'float':
    case 'double':
      return compareFloating as ScalarOrder
    default:
      return compareDiscrete
  }
}

function compareDiscrete(a: Scalar, b: Scalar): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareFloating(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}

/** UTF-16 places surrogates (code points from U+10000 up) below U+E000 to U+FFFF: here they stand above. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
