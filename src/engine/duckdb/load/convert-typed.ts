import { type DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { DataType } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import { type Conversion, plain } from './conversion.js'

/** Decimal digits before and after the point that values of an integer type may have. */
const INTEGER_DIGITS: { readonly [id: number]: number } = {
  [DuckDBTypeId.TINYINT]: 3,
  [DuckDBTypeId.SMALLINT]: 5,
  [DuckDBTypeId.INTEGER]: 10,
  [DuckDBTypeId.BIGINT]: 19,
  [DuckDBTypeId.UTINYINT]: 3,
  [DuckDBTypeId.USMALLINT]: 5,
  [DuckDBTypeId.UINTEGER]: 10,
  [DuckDBTypeId.UBIGINT]: 20,
  [DuckDBTypeId.HUGEINT]: 39,
  [DuckDBTypeId.UHUGEINT]: 39,
}

const SIGNED_BITS: { readonly [id: number]: number } = {
  [DuckDBTypeId.TINYINT]: 8,
  [DuckDBTypeId.SMALLINT]: 16,
  [DuckDBTypeId.INTEGER]: 32,
  [DuckDBTypeId.BIGINT]: 64,
  // An unsigned type needs a bit more than it has.
  [DuckDBTypeId.UTINYINT]: 9,
  [DuckDBTypeId.USMALLINT]: 17,
  [DuckDBTypeId.UINTEGER]: 33,
  [DuckDBTypeId.UBIGINT]: 65,
  [DuckDBTypeId.HUGEINT]: 128,
  [DuckDBTypeId.UHUGEINT]: 129,
}

const TARGET_BITS = { byte: 8, short: 16, integer: 32, long: 64 } as const

/** How a cast between two types goes: never with loss, only for some values, or not at all. */
type Fit = 'always' | 'checked' | 'never'

/** A value of a primitive type of a typed file, undefined where the types have nothing to do with each other. */
export function convertTyped(
  x: string,
  from: DuckDBType,
  to: DataType,
  path: readonly string[],
): Conversion | undefined {
  const fit = primitiveFit(from, to)
  if (fit === 'never') return undefined
  if (fit === 'always') return plain(from.toString() === typeSql(to) ? x : `CAST(${x} AS ${typeSql(to)})`)
  const value = `TRY_CAST(${x} AS ${typeSql(to)})`
  const condition = `(TRY_CAST(${value} AS ${from}) IS DISTINCT FROM ${x})`
  return { value, checks: [{ condition, path, problem: 'unfit', expected: to, subject: x }] }
}

function primitiveFit(from: DuckDBType, to: DataType): Fit {
  if (from.typeId === DuckDBTypeId.SQLNULL) return 'always'
  switch (to.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long': {
      const bits = SIGNED_BITS[from.typeId]
      return bits !== undefined && bits <= TARGET_BITS[to.type] ? 'always' : isNumber(from) ? 'checked' : 'never'
    }
    case 'float':
    case 'double': {
      if (from.typeId === DuckDBTypeId.FLOAT) return 'always'
      if (from.typeId === DuckDBTypeId.DOUBLE && to.type === 'double') return 'always'
      const exact = to.type === 'double' ? 53 : 24
      const bits = SIGNED_BITS[from.typeId]
      return bits !== undefined && bits <= exact ? 'always' : isNumber(from) ? 'checked' : 'never'
    }
    case 'decimal': {
      const digits = from.typeId === DuckDBTypeId.DECIMAL ? (from as DuckDBDecimalType) : undefined
      const whole = digits === undefined ? INTEGER_DIGITS[from.typeId] : digits.width - digits.scale
      const fraction = digits?.scale ?? 0
      if (whole !== undefined && whole <= to.precision - to.scale && fraction <= to.scale) return 'always'
      return isNumber(from) ? 'checked' : 'never'
    }
    case 'string':
      return [DuckDBTypeId.VARCHAR, DuckDBTypeId.UUID, DuckDBTypeId.ENUM].includes(from.typeId) ? 'always' : 'never'
    case 'boolean':
      return from.typeId === DuckDBTypeId.BOOLEAN ? 'always' : 'never'
    case 'binary':
      return from.typeId === DuckDBTypeId.BLOB ? 'always' : 'never'
    case 'date':
      return from.typeId === DuckDBTypeId.DATE ? 'always' : isNaiveTimestamp(from) ? 'checked' : 'never'
    case 'timestamp':
      if (from.typeId === DuckDBTypeId.TIMESTAMP_TZ) return 'always'
      return naiveFit(from)
    case 'timestamp_ntz':
      return naiveFit(from)
    default:
      return 'never'
  }
}

/** A timestamp without a zone, or a date, into a timestamp: as UTC. */
function naiveFit(from: DuckDBType): Fit {
  if (from.typeId === DuckDBTypeId.TIMESTAMP_NS) return 'checked'
  return from.typeId === DuckDBTypeId.DATE || isNaiveTimestamp(from) ? 'always' : 'never'
}

function isNaiveTimestamp({ typeId }: DuckDBType): boolean {
  return [
    DuckDBTypeId.TIMESTAMP,
    DuckDBTypeId.TIMESTAMP_S,
    DuckDBTypeId.TIMESTAMP_MS,
    DuckDBTypeId.TIMESTAMP_NS,
  ].includes(typeId)
}

function isNumber({ typeId }: DuckDBType): boolean {
  return (
    typeId in SIGNED_BITS ||
    typeId === DuckDBTypeId.FLOAT ||
    typeId === DuckDBTypeId.DOUBLE ||
    typeId === DuckDBTypeId.DECIMAL
  )
}
