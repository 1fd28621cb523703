import { DataType, TimeUnit } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { FIRST_GREGORIAN_DAY, gregorianDay, gregorianMicros } from '../../schema/julian-calendar.js'
import { arrowType } from '../arrow-schema.js'
import type { Column } from '../column.js'
import { validityTest } from '../validity.js'
import type { CastRules } from './cast-rules.js'
import { rebuildColumn } from './rebuild-column.js'

const MS_PER_DAY = 86_400_000n
const MICROS_PER_DAY = 86_400_000_000n
const MICROS_OF_UNIT = {
  [TimeUnit.SECOND]: 1_000_000n,
  [TimeUnit.MILLISECOND]: 1000n,
  [TimeUnit.MICROSECOND]: 1n,
} as const
const LIMIT = 2n ** 63n
/** The Gregorian calendar begins. */
const REFORM = BigInt(FIRST_GREGORIAN_DAY) * MICROS_PER_DAY
/** 1900-01-01: before, zones had offsets of uneven minutes, which old Spark did not know. */
const EVEN_ZONES = -25_567n * MICROS_PER_DAY

export function castDate(column: Column, path: readonly string[], rules: CastRules): Column | undefined {
  const days = castDays(column, path, rules)
  return days === undefined || rules.calendar?.dates !== true ? days : inGregorianDays(days)
}

function castDays(column: Column, path: readonly string[], rules: CastRules): Column | undefined {
  const { type } = column
  const target = arrowType({ type: 'date' })
  // Days without the mark of a date, as some writers store them.
  if (DataType.isInt(type) && type.bitWidth === 32 && type.isSigned && rules.lenient)
    return rebuildColumn(column, target)
  if (!DataType.isDate(type)) return undefined
  if (column.values instanceof Int32Array) return rebuildColumn(column, target)
  const from = column.values as BigInt64Array
  const values = new Int32Array(column.length)
  const valid = validityTest(column)
  for (let i = 0; i < column.length; i++) {
    const ms = from[i] as bigint
    if (ms % MS_PER_DAY !== 0n && valid(i)) rules.misfit(path, 'a date', `${ms} ms, which is not a whole day`, i)
    values[i] = Number(ms / MS_PER_DAY)
  }
  return rebuildColumn(column, target, { values })
}

/**
 * Timestamps of any unit into microseconds. Those without a zone go into `timestamp` as UTC; those with one into `timestamp_ntz` only where rules
 * are lenient, dates always (PROTOCOL.md, "Type Widening"). Undefined for other types.
 */
export function castTimestamp(
  column: Column,
  to: 'timestamp' | 'timestamp_ntz',
  path: readonly string[],
  rules: CastRules,
): Column | undefined {
  const isDate = DataType.isDate(column.type) && rules.calendar?.dates === true
  const micros = castMicros(isDate ? inGregorianDays(column) : column, to, path, rules)
  const isLegacy = to === 'timestamp' && rules.calendar?.timestamps === true
  return micros === undefined || !isLegacy ? micros : inGregorianMicros(micros, path, rules)
}

function castMicros(
  column: Column,
  to: 'timestamp' | 'timestamp_ntz',
  path: readonly string[],
  rules: CastRules,
): Column | undefined {
  const { type } = column
  const target = arrowType({ type: to })
  if (DataType.isDate(type) && to === 'timestamp_ntz') {
    const perUnit = column.values instanceof Int32Array ? MICROS_PER_DAY : 1000n
    return rebuildColumn(column, target, { values: scaled(column, perUnit, path, rules) })
  }
  if (!DataType.isTimestamp(type)) return undefined
  if (to === 'timestamp_ntz' && hasZone(type.timezone) && !rules.lenient) return undefined
  if (type.unit === TimeUnit.MICROSECOND) return rebuildColumn(column, target)
  if (type.unit !== TimeUnit.NANOSECOND) {
    return rebuildColumn(column, target, { values: scaled(column, MICROS_OF_UNIT[type.unit], path, rules) })
  }
  return rebuildColumn(column, target, { values: fromNanos(column, path, rules) })
}

/** @param column days in 32 bits; others stay, for Spark has none */
function inGregorianDays(column: Column): Column {
  const days = column.values
  if (!(days instanceof Int32Array) || !days.some((day) => day < FIRST_GREGORIAN_DAY)) return column
  return rebuildColumn(column, column.type, { values: days.map(gregorianDay) })
}

function inGregorianMicros(column: Column, path: readonly string[], { calendar }: CastRules): Column {
  const from = column.values as BigInt64Array
  const zone = calendar?.zone
  const valid = validityTest(column)
  const isOld = (micros: bigint, row: number): boolean =>
    micros < (zone === undefined ? REFORM : EVEN_ZONES) && valid(row)
  if (!from.some(isOld)) return column
  if (zone === undefined) return rebuildColumn(column, column.type, { values: from.map(gregorianMicros) })
  throw new DeltaError(
    'UnsupportedFeature',
    `Column ${path.join('.')} has timestamps before 1900 that Spark wrote in the Julian calendar and in the zone ${zone}, which cannot be read yet. Rewrite the table with Spark.`,
    { details: { column: path.join('.'), zone } },
  )
}

function hasZone(timezone: string | null | undefined): boolean {
  return timezone !== null && timezone !== undefined && timezone !== ''
}

function scaled(column: Column, factor: bigint, path: readonly string[], rules: CastRules): BigInt64Array {
  const from = column.values as ArrayLike<number | bigint>
  const values = new BigInt64Array(column.length)
  const valid = validityTest(column)
  for (let i = 0; i < column.length; i++) {
    const micros = BigInt(from[i] as number) * factor
    if ((micros >= LIMIT || micros < -LIMIT) && valid(i)) {
      rules.misfit(path, 'a timestamp of 64 bits in microseconds', `${micros} microseconds`, i)
    }
    values[i] = micros
  }
  return values
}

function fromNanos(column: Column, path: readonly string[], rules: CastRules): BigInt64Array {
  const from = column.values as BigInt64Array
  const values = new BigInt64Array(column.length)
  const valid = validityTest(column)
  for (let i = 0; i < column.length; i++) {
    const nanos = from[i] as bigint
    const rest = ((nanos % 1000n) + 1000n) % 1000n
    if (rest !== 0n && !rules.lenient && valid(i)) {
      rules.misfit(path, 'a timestamp in microseconds', `a timestamp with ${rest} nanoseconds more`, i)
    }
    values[i] = (nanos - rest) / 1000n
  }
  return values
}
