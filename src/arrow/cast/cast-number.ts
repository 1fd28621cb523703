import { DataType } from 'apache-arrow'
import { arrowType } from '../arrow-schema.js'
import type { Column } from '../column.js'
import { validityTest } from '../validity.js'
import type { CastRules } from './cast-rules.js'
import { rebuildColumn } from './rebuild-column.js'

type IntegerName = 'byte' | 'short' | 'integer' | 'long'

const TARGETS = {
  byte: { array: Int8Array, min: -(2 ** 7), max: 2 ** 7 - 1 },
  short: { array: Int16Array, min: -(2 ** 15), max: 2 ** 15 - 1 },
  integer: { array: Int32Array, min: -(2 ** 31), max: 2 ** 31 - 1 },
} as const
const LONG_MAX = 2n ** 63n - 1n

/** Integers of any width, signed or not, into an integer type; each value must fit. Undefined where the column has no integers. */
export function castInteger(
  column: Column,
  to: IntegerName,
  path: readonly string[],
  rules: CastRules,
): Column | undefined {
  const { type } = column
  if (!DataType.isInt(type)) return undefined
  const target = arrowType({ type: to })
  if (to === 'long') {
    if (type.bitWidth === 64 && type.isSigned) return rebuildColumn(column, target)
    return rebuildColumn(column, target, { values: longs(column, path, rules) })
  }
  const { array, min, max } = TARGETS[to]
  if (column.values instanceof array) return rebuildColumn(column, target)
  const valid = validityTest(column)
  const from = column.values as ArrayLike<number | bigint>
  const values = new array(column.length)
  for (let i = 0; i < column.length; i++) {
    const value = Number(from[i])
    if ((value < min || value > max) && valid(i)) {
      rules.misfit(
        path,
        `${to === 'integer' ? 'an' : 'a'} ${to} (an integer from ${min} to ${max})`,
        `the integer ${from[i]}`,
        i,
      )
    }
    values[i] = value
  }
  return rebuildColumn(column, target, { values })
}

/** The values of a column of smaller integers, or of unsigned ones. */
function longs(column: Column, path: readonly string[], rules: CastRules): BigInt64Array {
  const valid = validityTest(column)
  const from = column.values as ArrayLike<number | bigint>
  const values = new BigInt64Array(column.length)
  for (let i = 0; i < column.length; i++) {
    const value = BigInt(from[i] as number | bigint)
    if (value > LONG_MAX && valid(i)) rules.misfit(path, 'a long', `the integer ${value}`, i)
    values[i] = value
  }
  return values
}

/** Floats and integers into float or double where each value stays the same number. Undefined for other types. */
export function castFloating(
  column: Column,
  to: 'float' | 'double',
  path: readonly string[],
  rules: CastRules,
): Column | undefined {
  const { type } = column
  const target = arrowType({ type: to })
  const array = to === 'float' ? Float32Array : Float64Array
  if (column.values instanceof array) return rebuildColumn(column, target)
  const half = DataType.isFloat(type) && type.precision === 0
  if (!DataType.isFloat(type) && !DataType.isInt(type)) return undefined
  const from = column.values as ArrayLike<number | bigint>
  const values = new array(column.length)
  const valid = validityTest(column)
  for (let i = 0; i < column.length; i++) {
    const raw = from[i] as number | bigint
    const value = half ? halfToNumber(raw as number) : Number(raw)
    values[i] = value
    const exact =
      typeof raw === 'bigint'
        ? Number.isSafeInteger(value) && isSame(values[i] as number, value)
        : isSame(values[i] as number, value)
    if (!exact && valid(i)) rules.misfit(path, `a ${to} that keeps its value`, `the number ${raw}`, i)
  }
  return rebuildColumn(column, target, { values })
}

function isSame(a: number, b: number): boolean {
  return a === b || Number.isNaN(b)
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * 2 ** -24 * fraction
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024)
}
