import type { DataType, DecimalType, StructType } from '../../schema/data-type.js'
import { parseDate } from '../../schema/date-text.js'
import { readJson } from '../../schema/json-reader.js'
import { parseDecimal, parseFloating } from '../../schema/number-text.js'
import type { Scalar } from '../../schema/scalar.js'
import { parseTimestamp } from '../../schema/timestamp-text.js'
import type { ColumnTree, FileStatistics } from './file-statistics.js'

/** Whether a number may have more digits than a double keeps. */
const LONG_NUMBER = /[\d.]{16}/
const ZONE = /:.*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/
const MICROSECONDS = /\.\d{4}/
const CUT_MICROS = 999n
const LONG_LIMIT = 2n ** 63n

/** A number in its own digits: stands for the numbers of a text that has long ones. */
class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * Reads the `stats` of a file action (PROTOCOL.md, "Per-file Statistics"). Undefined where the text is unusable; single values that do not fit
 * their column are left out. Statistics only save work, so a bad one must not make a table unreadable.
 *
 * Maxima of timestamps that were cut to milliseconds are raised by 999 µs, so that no row is greater.
 * @param schema the columns wanted, by **physical** names; others are skipped.
 */
export function parseStatistics(json: string, schema: StructType): FileStatistics | undefined {
  const stats = readObject(json, schema)
  if (stats === undefined) return undefined
  const numRecords = countOf(stats.numRecords)
  return {
    ...(numRecords === undefined ? {} : { numRecords }),
    minValues: readTree(stats.minValues, schema, (value, type) => readBound(value, type, 'min')),
    maxValues: readTree(stats.maxValues, schema, (value, type) => readBound(value, type, 'max')),
    nullCount: readTree(stats.nullCount, schema, countOf),
    tightBounds: stats.tightBounds !== false,
  }
}

function readObject(json: string, schema: StructType): { readonly [name: string]: unknown } | undefined {
  try {
    const exact = LONG_NUMBER.test(json) && hasExactNumbers(schema)
    const value: unknown = exact ? readJson(json, (text) => new NumberText(text) as never) : JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function hasExactNumbers(type: DataType): boolean {
  return (
    type.type === 'long' ||
    type.type === 'decimal' ||
    (type.type === 'struct' && type.fields.some((field) => hasExactNumbers(field.dataType)))
  )
}

function readTree<T>(
  value: unknown,
  schema: StructType,
  leaf: (value: unknown, type: DataType) => T | undefined,
): ColumnTree<T> {
  const tree = new Map<string, T | ColumnTree<T>>()
  if (!isObject(value)) return tree
  for (const { name, dataType } of schema.fields) {
    if (!Object.hasOwn(value, name)) continue
    const member = value[name]
    const read = dataType.type === 'struct' ? readTree(member, dataType, leaf) : leaf(member, dataType)
    if (read !== undefined) tree.set(name, read)
  }
  return tree
}

function countOf(value: unknown): number | undefined {
  const count = value instanceof NumberText ? Number(value.text) : value
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined
}

function readBound(value: unknown, type: DataType, bound: 'min' | 'max'): Scalar | undefined {
  const text = value instanceof NumberText ? value.text : String(value)
  switch (type.type) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'byte':
    case 'short':
    case 'integer':
      return isNumber(value) && Number.isInteger(Number(text)) ? Number(text) : undefined
    case 'long':
      return isNumber(value) ? readLong(text) : undefined
    case 'float':
    case 'double': {
      // What is not finite is told by other writers as text, and orders differently among them.
      const number = parseFloating(text)
      if (number === undefined || !Number.isFinite(number)) return undefined
      return type.type === 'float' ? Math.fround(number) : number
    }
    case 'decimal':
      return isNumber(value) || typeof value === 'string' ? readDecimal(text, type as DecimalType) : undefined
    case 'date':
      return typeof value === 'string' ? parseDate(value.slice(0, dateLength(value))) : undefined
    case 'timestamp':
      // Without a zone the clock of an unknown place is meant.
      return typeof value === 'string' && ZONE.test(value) ? readTimestamp(value, bound) : undefined
    case 'timestamp_ntz':
      return typeof value === 'string' ? readTimestamp(value, bound) : undefined
    default:
      return undefined
  }
}

function readLong(text: string): bigint | undefined {
  if (!/^-?\d+$/.test(text)) return undefined
  const value = BigInt(text)
  return value >= -LONG_LIMIT && value < LONG_LIMIT ? value : undefined
}

function readDecimal(text: string, type: DecimalType): bigint | undefined {
  return parseDecimal(text, type.precision, type.scale)
}

function dateLength(text: string): number {
  const end = text.search(/[T ]/)
  return end < 0 ? text.length : end
}

function readTimestamp(text: string, bound: 'min' | 'max'): bigint | undefined {
  const micros = parseTimestamp(text)
  return micros !== undefined && bound === 'max' && !MICROSECONDS.test(text) ? micros + CUT_MICROS : micros
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value instanceof NumberText
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
}
