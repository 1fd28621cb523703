import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api'
import type { JsonValue } from '../../../schema/data-type.js'
import { formatDate } from '../../../schema/date-text.js'
import { formatDecimal } from '../../../schema/number-text.js'
import { formatTimestamp } from '../../../schema/timestamp-text.js'

/** A VARIANT of DuckDB as the JSON that the Arrow path makes of a variant: see `decodeVariant`. */
export function variantJson(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return jsonInteger(value)
  if (value instanceof DuckDBVariantValue) return variantJson(value.value)
  if (value instanceof DuckDBListValue) return value.items.map(variantJson)
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, variantJson(entry)]))
  }
  if (value instanceof DuckDBDecimalValue) return jsonDecimal(value)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBDateValue) return formatDate(value.days)
  if (value instanceof DuckDBTimestampTZValue) return `${formatTimestamp(value.micros)}+00:00`
  if (value instanceof DuckDBTimestampValue) return formatTimestamp(value.micros)
  if (value instanceof DuckDBTimestampNanosecondsValue) return nanosText(value.nanos)
  return String(value)
}

function jsonInteger(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** A number where it says the same, else text. */
function jsonDecimal({ value, scale }: DuckDBDecimalValue): JsonValue {
  if (scale === 0) return jsonInteger(value)
  const text = formatDecimal(value, scale)
  const number = Number(text)
  return text.replace(/\.?0+$/, '') === String(number) ? number : text
}

function nanosText(nanos: bigint): string {
  const rest = ((nanos % 1000n) + 1000n) % 1000n
  return formatTimestamp((nanos - rest) / 1000n, { digits: 6 }) + String(rest).padStart(3, '0')
}
