import type { DataType, DecimalType } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import { refused, type TypedSql } from './typed-sql.js'

const INTEGRAL_BITS: { readonly [type: string]: number } = { byte: 8, short: 16, integer: 32, long: 64 }
/** Digits of the decimal that Spark takes an integer for. */
const INTEGRAL_DIGITS: { readonly [type: string]: number } = { byte: 3, short: 5, integer: 10, long: 20 }
const MAX_DIGITS = 38
/** Decimals of so many digits become doubles without a second rounding. */
const EXACT_DIGITS = 15
const SUFFIXES: { readonly [suffix: string]: 'long' | 'short' | 'byte' | 'double' | 'float' } = {
  L: 'long',
  S: 'short',
  Y: 'byte',
  D: 'double',
  F: 'float',
}

export function isIntegral({ type }: DataType): boolean {
  return type in INTEGRAL_BITS
}

export function isFloating({ type }: DataType): boolean {
  return type === 'float' || type === 'double'
}

export function isNumeric(type: DataType): boolean {
  return isIntegral(type) || isFloating(type) || type.type === 'decimal'
}

/** The wider of two integer types. */
export function widerIntegral(a: DataType, b: DataType): DataType {
  return bitsOf(a) >= bitsOf(b) ? a : b
}

export function bitsOf({ type }: DataType): number {
  return INTEGRAL_BITS[type] ?? 0
}

/** A number as it is written: the least of INT, BIGINT and DECIMAL that holds it, DOUBLE with an exponent, or what its suffix says. */
export function numberSql(digits: string, suffix: string): TypedSql {
  const name = SUFFIXES[suffix]
  const type: DataType = name !== undefined ? { type: name } : plainType(digits, suffix)
  const number = { sql: literalSql(digits, type), type }
  // A FLOAT has lost digits already.
  return suffix === 'F' ? number : { ...number, literal: { number: digits } }
}

/** The decimal that Spark takes a number for beside decimals; undefined for floating ones. */
export function decimalOf({ type, literal }: TypedSql): DecimalType | undefined {
  if (type.type === 'decimal') return type
  if (literal !== undefined && 'number' in literal && isIntegral(type)) return decimalOfDigits(literal.number)
  const precision = INTEGRAL_DIGITS[type.type]
  return precision === undefined ? undefined : { type: 'decimal', precision, scale: 0 }
}

export function decimal(precision: number, scale: number): DecimalType {
  if (precision > MAX_DIGITS) throw refused(`A decimal of ${precision} digits comes out`)
  return { type: 'decimal', precision, scale }
}

/** The type that holds the values of two numeric types as Spark compares them; undefined where Spark's versions differ or digits get lost. */
export function widerNumber(a: TypedSql, b: TypedSql): DataType | undefined {
  if (isIntegral(a.type) && isIntegral(b.type)) return widerIntegral(a.type, b.type)
  if (isFloating(a.type) || isFloating(b.type)) return widerFloating(a, b)
  const [x, y] = [decimalOf(a), decimalOf(b)]
  if (x === undefined || y === undefined) return undefined
  const scale = Math.max(x.scale, y.scale)
  const precision = Math.max(x.precision - x.scale, y.precision - y.scale) + scale
  return precision > MAX_DIGITS ? undefined : { type: 'decimal', precision, scale }
}

function widerFloating(a: TypedSql, b: TypedSql): DataType | undefined {
  if (isFloating(a.type) && isFloating(b.type)) return a.type.type === 'double' ? a.type : b.type
  const [floating, other] = isFloating(a.type) ? [a, b] : [b, a]
  if (other.type.type === 'decimal') {
    return other.literal !== undefined || other.type.precision <= EXACT_DIGITS ? { type: 'double' } : undefined
  }
  if (floating.type.type === 'double' || bitsOf(other.type) <= 16) return floating.type
  // Settings of Spark say whether an INT becomes a FLOAT or both a DOUBLE: it is the same for small constants alone.
  const isSmall =
    other.literal !== undefined && 'number' in other.literal && Math.abs(Number(other.literal.number)) <= 2 ** 24
  return isSmall ? { type: 'double' } : undefined
}

/** A number in a type that {@link widerNumber} found. */
export function widenNumber({ sql, type, literal }: TypedSql, to: DataType): string {
  if (literal !== undefined && 'number' in literal) return literalSql(literal.number, to)
  return typeSql(type) === typeSql(to) ? sql : `CAST(${sql} AS ${typeSql(to)})`
}

function literalSql(digits: string, type: DataType): string {
  if (!isIntegral(type)) return `CAST('${digits}' AS ${typeSql(type)})`
  const value = /^-?\d+$/.test(digits) ? BigInt(digits) : undefined
  const bits = bitsOf(type)
  if (value === undefined || BigInt.asIntN(bits, value) !== value) throw refused(`${digits} is no ${typeSql(type)}`)
  return `CAST('${value}' AS ${typeSql(type)})`
}

function plainType(digits: string, suffix: string): DataType {
  if (/[eE]/.test(digits) && suffix === '') return { type: 'double' }
  if (/^-?\d+$/.test(digits) && suffix === '') {
    const value = BigInt(digits)
    if (BigInt.asIntN(32, value) === value) return { type: 'integer' }
    if (BigInt.asIntN(64, value) === value) return { type: 'long' }
  }
  return decimalOfDigits(digits)
}

function decimalOfDigits(digits: string): DecimalType {
  const [, whole = '', fraction = ''] = /^-?(\d*)(?:\.(\d*))?$/.exec(digits) ?? []
  if (whole === '' && fraction === '') throw refused(`${digits} is a decimal with an exponent`)
  const scale = fraction.length
  const significant = `${whole}${fraction}`.replace(/^0+/, '').length
  return decimal(Math.max(significant, scale, 1), scale)
}
