import type { DataType, DecimalType } from '../../../schema/data-type.js'
import { sameType } from '../../../schema/same-type.js'
import { typeText } from '../../../schema/type-text.js'
import { typeSql } from '../type-sql.js'
import { timeSql } from './coerce.js'
import { bitsOf, isFloating, isIntegral, widenNumber } from './numbers.js'
import { describeType, failing, refused, type TypedSql } from './typed-sql.js'

/**
 * A value in another type, as Spark's CAST has it. What Spark's ANSI mode answers with an error and its other mode with a wrong number or NULL, is an error.
 *
 * @throws UnsupportedFeature for types whose casts are not known to be the same
 */
export function castTo(value: TypedSql, to: DataType): TypedSql {
  if (sameType(value.type, to)) return value
  const sql = value.type.type === 'void' ? `CAST(NULL AS ${typeSql(to)})` : castSql(value, to)
  if (sql === undefined) throw refused(`A cast of ${describeType(value)} to ${typeText(to)} is asked for`)
  return { sql, type: to }
}

function castSql(value: TypedSql, to: DataType): string | undefined {
  const { sql, type, literal } = value
  const plain = `CAST(${sql} AS ${typeSql(to)})`
  switch (to.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      if (isIntegral(type)) return widenOrCheck(value, to)
      // Spark cuts the fraction off, DuckDB would round.
      if (type.type === 'decimal' || isFloating(type)) return `CAST(trunc(${sql}) AS ${typeSql(to)})`
      if (literal !== undefined && 'text' in literal) return /^[+-]?\d+$/.test(literal.text) ? plain : undefined
      return type.type === 'string' ? textToInteger(sql, to) : undefined
    case 'double':
      return isIntegral(type) || type.type === 'float'
        ? plain
        : type.type === 'decimal'
          ? exactDouble(value)
          : undefined
    case 'float':
      return isIntegral(type) && bitsOf(type) <= 16 ? plain : undefined
    case 'decimal':
      return isIntegral(type) || type.type === 'decimal' ? plain : undefined
    case 'string':
      if (type.type === 'decimal') return decimalToText(sql, type)
      return isIntegral(type) || type.type === 'boolean' ? plain : dateToText(sql, type)
    case 'date':
      if (literal !== undefined && 'text' in literal) return timeSql(literal.text, to)
      return type.type === 'timestamp' || type.type === 'timestamp_ntz' ? `CAST(${naive(value)} AS DATE)` : undefined
    case 'timestamp':
    case 'timestamp_ntz':
      if (literal !== undefined && 'text' in literal) return timeSql(literal.text, to)
      return ['date', 'timestamp', 'timestamp_ntz'].includes(type.type) ? plain : undefined
    default:
      return undefined
  }
}

/** A date or timestamp as a TIMESTAMP without a zone: what clocks in UTC show. */
export function naive({ sql, type }: TypedSql): string {
  if (type.type === 'date') return `CAST(${sql} AS TIMESTAMP)`
  return type.type === 'timestamp' ? `(${sql} AT TIME ZONE 'UTC')` : sql
}

function widenOrCheck(value: TypedSql, to: DataType): string {
  return bitsOf(to) >= bitsOf(value.type) ? widenNumber(value, to) : `CAST(${value.sql} AS ${typeSql(to)})`
}

/** Spark trims, and without ANSI mode takes fractions too: only digits mean the same everywhere. */
function textToInteger(sql: string, to: DataType): string {
  const bad = failing('a text that is to be a number is none', to)
  const number = `CASE WHEN regexp_full_match(${sql}, '[+-]?[0-9]+') THEN CAST(${sql} AS ${typeSql(to)}) ELSE ${bad} END`
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE ${number} END`
}

function exactDouble(value: TypedSql): string | undefined {
  const { type } = value
  return type.type === 'decimal' && type.precision <= 15 ? `CAST(${value.sql} AS DOUBLE)` : undefined
}

/** Without a digit before the point DuckDB writes `.5`, Spark `0.5`. */
function decimalToText(sql: string, { precision, scale }: DecimalType): string | undefined {
  if (precision > scale) return `CAST(${sql} AS VARCHAR)`
  return precision < 38 ? `CAST(CAST(${sql} AS DECIMAL(${precision + 1}, ${scale})) AS VARCHAR)` : undefined
}

/** Years of four digits: others are written in different ways. */
function dateToText(sql: string, type: DataType): string | undefined {
  if (type.type !== 'date') return undefined
  const bad = failing('a date that is to be a text is out of the years 1000 to 9999', { type: 'string' })
  return `CASE WHEN year(${sql}) NOT BETWEEN 1000 AND 9999 THEN ${bad} ELSE strftime(${sql}, '%Y-%m-%d') END`
}
