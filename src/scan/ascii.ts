import { decodeUtf8 } from '../arrow/utf8.js'

/** Characters that JSON and dates are made of. */
export const ASCII = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  T: 0x54,
  Z: 0x5a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  open: 0x7b,
  close: 0x7d,
} as const

/** Whole numbers of so many digits are doubles. */
const SAFE_DIGITS = 15
const POWERS_OF_TEN = Array.from({ length: SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/** The whole number at `position` if it is one of at most 15 digits, with a comma or a brace behind it; NaN otherwise. */
export function readInteger(bytes: Uint8Array, position: number): number {
  const negative = bytes[position] === ASCII.minus
  const start = negative ? position + 1 : position
  let value = 0
  for (let i = start; ; i++) {
    const byte = bytes[i] as number
    if (byte >= ASCII.zero && byte <= ASCII.nine) value = value * 10 + byte - ASCII.zero
    else if (i === start || i - start > SAFE_DIGITS || (byte !== ASCII.comma && byte !== ASCII.close)) return Number.NaN
    else return negative ? -value : value
  }
}

/** The double that stands from `position` to `end`; NaN where none does. */
export function readDouble(bytes: Uint8Array, position: number, end: number): number {
  const negative = bytes[position] === ASCII.minus
  let digits = 0
  let mantissa = 0
  let scale = -1
  for (let i = negative ? position + 1 : position; i < end; i++) {
    const byte = bytes[i] as number
    if (byte >= ASCII.zero && byte <= ASCII.nine) {
      mantissa = mantissa * 10 + byte - ASCII.zero
      digits++
      if (scale >= 0) scale++
    } else if (byte === ASCII.point && scale < 0) scale = 0
    else return Number(decodeUtf8(bytes, position, end))
  }
  if (digits === 0 || digits > SAFE_DIGITS) return Number(decodeUtf8(bytes, position, end))
  // Both are exact, so that their quotient is the double nearest to the text.
  const value = scale > 0 ? mantissa / (POWERS_OF_TEN[scale] as number) : mantissa
  return negative ? -value : value
}

/** Two digits at `position`; NaN where something else stands. */
export function readTwoDigits(bytes: Uint8Array, position: number): number {
  const tens = (bytes[position] as number) - ASCII.zero
  const ones = (bytes[position + 1] as number) - ASCII.zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
