import type { DataType } from '../../schema/data-type.js'
import { formatDecimal } from '../../schema/number-text.js'
import type { Scalar } from '../../schema/scalar.js'
import { quoteText } from './sql-text.js'
import { typeSql } from './type-sql.js'

/** A value of a primitive type, or null, as a constant SQL expression of exactly that type. */
export function scalarSql(value: Scalar | null, type: DataType): string {
  if (value === null) return `CAST(NULL AS ${typeSql(type)})`
  switch (type.type) {
    case 'boolean':
      return value ? 'TRUE' : 'FALSE'
    case 'date':
      return `make_date(CAST(${String(value)} AS INTEGER))`
    case 'timestamp':
      return `make_timestamptz(CAST(${String(value)} AS BIGINT))`
    case 'timestamp_ntz':
      return `make_timestamp(CAST(${String(value)} AS BIGINT))`
    case 'binary':
      return `from_hex('${Buffer.from(value as Uint8Array).toString('hex')}')`
    case 'string':
      return quoteText(String(value))
    case 'decimal':
      return `CAST('${formatDecimal(value as bigint, type.scale)}' AS ${typeSql(type)})`
    default:
      return `CAST('${String(value)}' AS ${typeSql(type)})`
  }
}
