import { daysFromCivil, parseDate } from '../schema/date-text.js'

const ZERO = 0x30
const MICROS_PER_DAY = 86_400_000_000
/** About the years 1685 to 2255: microseconds that a double keeps. */
const SAFE_MICROS = 9_000_000_000_000_000

/** Days since 1970-01-01 of `yyyy-MM-dd`; undefined for every other text. */
export function shortDate(text: string, start: number, end: number): number | undefined {
  if (end - start !== 10 || text.charCodeAt(start + 4) !== 0x2d || text.charCodeAt(start + 7) !== 0x2d) return undefined
  const year = number(text, start, 4)
  const month = number(text, start + 5, 2)
  const day = number(text, start + 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && year >= 0)) return undefined
  return day <= 28 ? daysFromCivil(year, month, day) : parseDate(text.slice(start, end))
}

/**
 * Microseconds since the epoch of `yyyy-MM-ddTHH:mm:ss.SSS`, undefined for every other text.
 * @param zone whether a `Z` has to follow, or nothing may
 */
export function shortTimestamp(text: string, start: number, end: number, zone: boolean): number | undefined {
  if (end - start !== (zone ? 24 : 23) || (zone && text.charCodeAt(end - 1) !== 0x5a)) return undefined
  const separators =
    text.charCodeAt(start + 10) === 0x54 &&
    text.charCodeAt(start + 13) === 0x3a &&
    text.charCodeAt(start + 16) === 0x3a &&
    text.charCodeAt(start + 19) === 0x2e
  const days = separators ? shortDate(text, start, start + 10) : undefined
  const hour = number(text, start + 11, 2)
  const minute = number(text, start + 14, 2)
  const second = number(text, start + 17, 2)
  const milliseconds = number(text, start + 20, 3)
  const inDay = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
  if (days === undefined || !(hour < 24 && minute < 60 && second < 60) || Number.isNaN(inDay)) return undefined
  const micros = days * MICROS_PER_DAY + inDay * 1000
  return Math.abs(micros) < SAFE_MICROS ? micros : undefined
}

/** NaN where something else than digits is found. */
function number(text: string, start: number, digits: number): number {
  let value = 0
  for (let i = start; i < start + digits; i++) {
    const digit = text.charCodeAt(i) - ZERO
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
