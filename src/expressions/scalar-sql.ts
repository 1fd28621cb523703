import type { DataType } from '../schema/data-type.js'
import { formatDecimal } from '../schema/number-text.js'
import type { Scalar } from '../schema/scalar.js'
import { quoteText } from './sql-quote.js'

/**
 * A value as a constant expression of DuckDB's SQL that compares with columns of the type without rounding. Floats are written as doubles: a literal
 * need not be a float.
 */
export function scalarSql(value: Scalar, type: DataType): string {
  switch (type.type) {
    case 'string':
      return quoteText(value as string)
    case 'boolean':
      return value ? 'TRUE' : 'FALSE'
    case 'float':
    case 'double':
      return `CAST('${String(value)}' AS DOUBLE)`
    case 'decimal':
      return `CAST('${formatDecimal(value as bigint, type.scale)}' AS DECIMAL(${type.precision}, ${type.scale}))`
    case 'date':
      return `make_date(CAST(${String(value)} AS INTEGER))`
    case 'timestamp':
      return `make_timestamptz(CAST(${String(value)} AS BIGINT))`
    case 'timestamp_ntz':
      return `make_timestamp(CAST(${String(value)} AS BIGINT))`
    case 'binary':
      return `from_hex('${hex(value as Uint8Array)}')`
    default:
      return String(value)
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
