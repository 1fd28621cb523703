import { DeltaError } from '../../../errors/delta-error.js'
import { scalarSql } from '../../../expressions/scalar-sql.js'
import type { DataType } from '../../../schema/data-type.js'
import { parseDate } from '../../../schema/date-text.js'
import { sameType } from '../../../schema/same-type.js'
import { parseTimestamp } from '../../../schema/timestamp-text.js'
import { typeSql } from '../type-sql.js'
import { isNumeric, widenNumber, widerNumber } from './numbers.js'
import { describeType, refused, type TypedSql } from './typed-sql.js'

/** Values brought into one type. */
export interface Coerced {
  readonly type: DataType
  readonly sqls: readonly string[]
}

/**
 * Brings values into the type in which Spark compares them.
 *
 * @param texts whether texts that are written out become dates and timestamps beside those, as they do where values are compared
 * @throws UnsupportedFeature where Spark would cast in a way that is not the same here, or refuse
 */
export function coerce(values: readonly TypedSql[], texts: boolean): Coerced {
  // A choice between values takes a constant for any value of its type.
  const plain = texts ? values : values.map(({ sql, type }) => ({ sql, type }))
  const known = plain.filter(({ type }) => type.type !== 'void')
  const [first, ...others] = known
  if (first === undefined) return { type: { type: 'void' }, sqls: values.map(({ sql }) => sql) }
  let common: TypedSql = first
  for (const other of others) {
    const type = widerOfTwo(common, other, texts)
    if (type === undefined) {
      throw refused(`${describeType(common)} and ${describeType(other)} are brought into one type`)
    }
    // A literal is one only beside a type that it did not make.
    common = sameType(type, common.type) ? common : sameType(type, other.type) ? other : { sql: '', type }
  }
  const { type } = common
  return { type, sqls: values.map((value) => inType(value, type)) }
}

function widerOfTwo(a: TypedSql, b: TypedSql, texts: boolean): DataType | undefined {
  if (isNumeric(a.type) && isNumeric(b.type)) return widerNumber(a, b)
  if (sameType(a.type, b.type)) return isNested(a.type) ? undefined : a.type
  const names = [a.type.type, b.type.type]
  if (names.includes('date') && names.includes('timestamp')) return { type: 'timestamp' }
  if (names.includes('date') && names.includes('timestamp_ntz')) return { type: 'timestamp_ntz' }
  const [text, other] = a.type.type === 'string' ? [a, b] : [b, a]
  const isTextOfTime = texts && text.literal !== undefined && 'text' in text.literal && isTime(other.type)
  return isTextOfTime ? other.type : undefined
}

function inType(value: TypedSql, type: DataType): string {
  const { sql, literal } = value
  if (value.type.type === 'void') return type.type === 'void' ? sql : `CAST(NULL AS ${typeSql(type)})`
  if (isNumeric(type)) return widenNumber(value, type)
  if (sameType(value.type, type)) return sql
  if (literal !== undefined && 'text' in literal && isTime(type)) return timeSql(literal.text, type)
  return `CAST(${sql} AS ${typeSql(type)})`
}

/**
 * The text of a date or timestamp as a constant. A timestamp without a zone is in UTC.
 *
 * @throws InvalidArgument where it is none
 */
export function timeSql(text: string, type: DataType): string {
  const trimmed = text.trim()
  const micros = parseTimestamp(trimmed)
  if (type.type === 'date') {
    const days = parseDate(trimmed)
    if (days !== undefined) return scalarSql(days, type)
  } else if (
    micros !== undefined &&
    (type.type === 'timestamp' || !/(Z|UTC|GMT|[+-]\d\d(:?\d\d)?)$/.test(trimmed.slice(10)))
  ) {
    return scalarSql(micros, type)
  }
  throw new DeltaError(
    'InvalidArgument',
    `"${text}" is no ${type.type} that is known here. Write it as in 2026-01-31 or 2026-01-31 09:30:00`,
  )
}

function isTime({ type }: DataType): boolean {
  return type === 'date' || type === 'timestamp' || type === 'timestamp_ntz'
}

function isNested({ type }: DataType): boolean {
  return type === 'struct' || type === 'array' || type === 'map' || type === 'variant'
}
