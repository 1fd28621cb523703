const DATE = /^([+-]?\d{1,6})-(\d{1,2})-(\d{1,2})$/
const DAYS_OF_400_YEARS = 146_097
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const EPOCH_FROM_MARCH_0000 = 719_468

/** Days since 1970-01-01 of a proleptic Gregorian date; year 0 is 1 BC. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_OF_400_YEARS + dayOfEra - EPOCH_FROM_MARCH_0000
}

/** Days since 1970-01-01 of `{year}-{month}-{day}`, undefined where the text is not a date of the calendar. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text)
  if (match === null) return undefined
  const days = daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3]))
  const [, month, day] = civilFromDays(days)
  return month === Number(match[2]) && day === Number(match[3]) ? days : undefined
}

/** `yyyy-MM-dd`; years before 0 and after 9999 bear a sign, as Java and Spark write them. */
export function formatDate(days: number): string {
  const [year, month, day] = civilFromDays(days)
  const digits = String(Math.abs(year)).padStart(4, '0')
  const sign = year < 0 ? '-' : year > 9999 ? '+' : ''
  return `${sign}${digits}-${twoDigits(month)}-${twoDigits(day)}`
}

function civilFromDays(days: number): [year: number, month: number, day: number] {
  const shifted = days + EPOCH_FROM_MARCH_0000
  const era = Math.floor(shifted / DAYS_OF_400_YEARS)
  const dayOfEra = shifted - era * DAYS_OF_400_YEARS
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
