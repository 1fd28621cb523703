/** 1582-10-15, in days since 1970-01-01: the first day of the Gregorian calendar. */
export const FIRST_GREGORIAN_DAY = -141_427
const JULIAN_DAY_OF_EPOCH = 2_440_588
const MS_PER_DAY = 86_400_000
const MICROS_PER_DAY = 86_400_000_000n

/**
 * The day that has the same year, month and day of month in the Gregorian calendar, extended to the past, as `day` has in the calendar of its time: the Julian one before
 * 1582-10-15. A 29 February that the Gregorian calendar lacks becomes 1 March. In days since 1970-01-01. Pure.
 */
export function gregorianDay(day: number): number {
  if (day >= FIRST_GREGORIAN_DAY) return day
  const shifted = day + JULIAN_DAY_OF_EPOCH + 32_082
  const year = Math.floor((4 * shifted + 3) / 1461)
  const dayOfYear = shifted - Math.floor((1461 * year) / 4)
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * month + 2) / 5)
  const first = new Date(0).setUTCFullYear(year - 4800, month + 2, 1)
  return first / MS_PER_DAY + dayOfMonth
}

/** As {@link gregorianDay}, for an instant in microseconds since 1970-01-01T00:00:00Z, whose time of day stays. */
export function gregorianMicros(micros: bigint): bigint {
  if (micros >= BigInt(FIRST_GREGORIAN_DAY) * MICROS_PER_DAY) return micros
  const rest = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY
  const day = Number((micros - rest) / MICROS_PER_DAY)
  return BigInt(gregorianDay(day)) * MICROS_PER_DAY + rest
}
