import { formatDate, parseDate } from './date-text.js'

const MICROS_PER_SECOND = 1_000_000n
const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND
const TIMESTAMP =
  /^([+-]?\d{1,6}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/

/**
 * Microseconds since the epoch of a timestamp text, undefined where it is none: `yyyy-MM-dd HH:mm:ss[.ffffff]` or ISO 8601 with `T` and a
 * zone (`Z` or an offset). Without a zone the text is taken as UTC. Digits beyond microseconds are cut off.
 */
export function parseTimestamp(text: string): bigint | undefined {
  const match = TIMESTAMP.exec(text)
  if (match === null) return undefined
  const days = parseDate(match[1] as string)
  const hour = Number(match[2] ?? 0)
  const minute = Number(match[3] ?? 0)
  const second = Number(match[4] ?? 0)
  const offset = offsetMinutes(match[6])
  if (days === undefined || hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined
  const micros = BigInt((match[5] ?? '').slice(0, 6).padEnd(6, '0'))
  const seconds = hour * 3600 + (minute - offset) * 60 + second
  return BigInt(days) * MICROS_PER_DAY + BigInt(seconds) * MICROS_PER_SECOND + micros
}

/**
 * `yyyy-MM-dd HH:mm:ss` with as many digits of a fraction as it takes: 0 or 6 by default; `digits` fixes them (3 cuts down to milliseconds).
 */
export function formatTimestamp(micros: bigint, options: { separator?: ' ' | 'T'; digits?: 3 | 6 } = {}): string {
  const inDay = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY
  const days = Number((micros - inDay) / MICROS_PER_DAY)
  const seconds = Number(inDay / MICROS_PER_SECOND)
  const fraction = String(inDay % MICROS_PER_SECOND).padStart(6, '0')
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const digits = options.digits ?? (fraction === '000000' ? 0 : 6)
  const time = clock.map((part) => String(part).padStart(2, '0')).join(':')
  return `${formatDate(days)}${options.separator ?? ' '}${time}${digits === 0 ? '' : `.${fraction.slice(0, digits)}`}`
}

/** Minutes east of UTC. */
function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0
  const digits = zone.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2) || 0)
  if (hours > 18 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
