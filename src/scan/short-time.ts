import { decodeUtf8 } from '../arrow/utf8.js'
import { daysFromCivil, parseDate } from '../schema/date-text.js'
import { ASCII, readTwoDigits } from './ascii.js'

const MICROS_PER_DAY = 86_400_000_000
/** About the years 1685 to 2255: microseconds that a double keeps. */
const SAFE_MICROS = 9_000_000_000_000_000

/** Days since 1970-01-01 of `yyyy-MM-dd`; undefined for every other text. */
export function shortDate(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start !== 10 || bytes[start + 4] !== ASCII.minus || bytes[start + 7] !== ASCII.minus) return undefined
  const year = readTwoDigits(bytes, start) * 100 + readTwoDigits(bytes, start + 2)
  const month = readTwoDigits(bytes, start + 5)
  const day = readTwoDigits(bytes, start + 8)
  if (!(month >= 1 && month <= 12 && day >= 1 && year >= 0)) return undefined
  return day <= 28 ? daysFromCivil(year, month, day) : parseDate(decodeUtf8(bytes, start, end))
}

/**
 * Microseconds since the epoch of `yyyy-MM-ddTHH:mm:ss.SSS`, undefined for every other text.
 * @param zone whether a `Z` has to follow, or nothing may
 */
export function shortTimestamp(bytes: Uint8Array, start: number, end: number, zone: boolean): number | undefined {
  if (end - start !== (zone ? 24 : 23) || (zone && bytes[end - 1] !== ASCII.Z)) return undefined
  const separators =
    bytes[start + 10] === ASCII.T &&
    bytes[start + 13] === ASCII.colon &&
    bytes[start + 16] === ASCII.colon &&
    bytes[start + 19] === ASCII.point
  const days = separators ? shortDate(bytes, start, start + 10) : undefined
  const hour = readTwoDigits(bytes, start + 11)
  const minute = readTwoDigits(bytes, start + 14)
  const second = readTwoDigits(bytes, start + 17)
  const tens = readTwoDigits(bytes, start + 20)
  const last = (bytes[start + 22] as number) - ASCII.zero
  if (days === undefined || !(hour < 24 && minute < 60 && second < 60 && tens >= 0 && last >= 0 && last <= 9))
    return undefined
  const inDay = ((hour * 60 + minute) * 60 + second) * 1000 + tens * 10 + last
  const micros = days * MICROS_PER_DAY + inDay * 1000
  return Math.abs(micros) < SAFE_MICROS ? micros : undefined
}
