import { parseDate } from '../../schema/date-text.js'
import { parseTimestamp } from '../../schema/timestamp-text.js'
import { arrowType } from '../arrow-schema.js'
import { type Column, makeColumn } from '../column.js'
import { MicrosecondDate } from '../microsecond-date.js'
import { type ColumnInput, misfit } from './column-input.js'

const MS_PER_DAY = 86_400_000
const ZONE = /(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/

/** A `Date` counts as the day that it falls on in UTC. */
export function encodeDate(input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const days = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    const day =
      typeof value === 'string' ? parseDate(value) : value instanceof Date ? value.getTime() / MS_PER_DAY : undefined
    if (day === undefined || Number.isNaN(day)) throw misfit(place, "a date ('YYYY-MM-DD' or a Date)", value, i)
    days[i] = Math.floor(day)
  }
  return makeColumn(arrowType({ type: 'date' }), { length: values.length, validity, nullCount, values: days })
}

/** ISO text without a zone, and the fields of a `Date` in UTC, are what a timestamp without a zone takes; text with a zone does not fit it. */
export function encodeTimestamp(type: 'timestamp' | 'timestamp_ntz', input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const micros = new BigInt64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    const instant = microsOf(value, type)
    if (instant === undefined) {
      const form = type === 'timestamp' ? 'a Date or ISO 8601 text' : 'ISO 8601 text without a zone, or a Date'
      throw misfit(place, `a ${type} (${form}, at most 6 digits after the second)`, value, i)
    }
    micros[i] = instant
  }
  return makeColumn(arrowType({ type }), { length: values.length, validity, nullCount, values: micros })
}

function microsOf(value: unknown, type: 'timestamp' | 'timestamp_ntz'): bigint | undefined {
  if (value instanceof Date) {
    const ms = value.getTime()
    if (Number.isNaN(ms)) return undefined
    return value instanceof MicrosecondDate ? value.epochMicroseconds : BigInt(ms) * 1000n
  }
  if (typeof value !== 'string' || /\.\d{6}\d*[1-9]/.test(value)) return undefined
  if (type === 'timestamp_ntz' && value.includes(':') && ZONE.test(value)) return undefined
  return parseTimestamp(value)
}
