import type { DataType } from '../schema/data-type.js'
import { ABOVE, BELOW, fits, type LiteralFit } from './literal-fit.js'
import type { Literal } from './predicate.js'

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/
/** Powers of ten that no type of the protocol comes near. */
const FAR = 100

/** value = digits × 10^exponent */
interface ExactNumber {
  readonly digits: bigint
  readonly exponent: number
}

/** Where a literal lies among the values of an integer or decimal type, exactly; undefined where it is no number. */
export function fitExactNumber(literal: Literal, type: DataType): LiteralFit | undefined {
  if (typeof literal === 'number' && !Number.isFinite(literal)) {
    // NaN is greater than every number.
    return literal === Number.NEGATIVE_INFINITY ? BELOW : ABOVE
  }
  const number = exactNumber(literal)
  if (number === undefined) return undefined
  const { scale, least, greatest } = limits(type)
  const { unscaled, exact } = atScale(number, scale)
  if (unscaled < least) return BELOW
  if (unscaled > greatest) return ABOVE
  const value = type.type === 'long' || type.type === 'decimal' ? unscaled : Number(unscaled)
  return exact ? fits(value) : { at: 'gap', below: value }
}

/** The double that a literal stands for; undefined where it is no number. */
export function fitFloating(literal: Literal): LiteralFit | undefined {
  switch (typeof literal) {
    case 'number':
      return fits(literal)
    case 'bigint':
      return fits(Number(literal))
    case 'string':
      if (exactNumber(literal) !== undefined) return fits(Number(literal))
      if (/^nan$/i.test(literal)) return fits(Number.NaN)
      if (/^[+-]?inf(inity)?$/i.test(literal)) return fits(literal.startsWith('-') ? -Infinity : Infinity)
      return undefined
    default:
      return undefined
  }
}

function exactNumber(literal: Literal): ExactNumber | undefined {
  if (typeof literal === 'bigint') return { digits: literal, exponent: 0 }
  if (typeof literal !== 'number' && typeof literal !== 'string') return undefined
  // A JavaScript number means the decimal that it is written as: 0.1 is a tenth.
  const match = NUMBER.exec(String(literal))
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length }
}

/** The greatest whole number of 10^-scale that is not greater than the number. */
function atScale({ digits, exponent }: ExactNumber, scale: number): { unscaled: bigint; exact: boolean } {
  const shift = exponent + scale
  if (digits === 0n || shift >= 0) return { unscaled: digits * 10n ** BigInt(Math.min(shift, FAR)), exact: true }
  const length = digits.toString().length
  if (-shift > length + 1) return { unscaled: digits < 0n ? -1n : 0n, exact: false }
  const divisor = 10n ** BigInt(-shift)
  const quotient = digits / divisor
  const exact = quotient * divisor === digits
  return { unscaled: !exact && digits < 0n ? quotient - 1n : quotient, exact }
}

function limits(type: DataType): { scale: number; least: bigint; greatest: bigint } {
  if (type.type === 'decimal') {
    const greatest = 10n ** BigInt(type.precision) - 1n
    return { scale: type.scale, least: -greatest, greatest }
  }
  const bits = { byte: 7n, short: 15n, integer: 31n }[type.type as string] ?? 63n
  return { scale: 0, least: -(1n << bits), greatest: (1n << bits) - 1n }
}
