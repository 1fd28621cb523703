import { DeltaError } from '../errors/delta-error.js'
import type { DataType, DecimalType } from '../schema/data-type.js'
import { formatDate, parseDate } from '../schema/date-text.js'
import { formatDecimal, formatFloating, parseDecimal, parseFloating } from '../schema/number-text.js'
import type { Scalar } from '../schema/scalar.js'
import { formatTimestamp, parseTimestamp } from '../schema/timestamp-text.js'

const INTEGER_LIMITS = { byte: 2 ** 7, short: 2 ** 15, integer: 2 ** 31 } as const
const LONG_LIMIT = 2n ** 63n
const INTEGER = /^[+-]?\d+$/
const TRUE: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1'])
const FALSE: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0'])

/**
 * Reads a partition value (PROTOCOL.md, "Partition Value Serialization"). Null and the empty string are null for every type. Timestamps
 * without a zone are taken as UTC; space around numbers and the words that Spark takes for booleans and infinity are read as it reads them. CorruptLog where the text is no value of the type, UnsupportedType where the type cannot partition.
 */
export function parsePartitionValue(text: string | null, type: DataType): Scalar | null {
  if (text === null || text === '') return null
  const value = parse(text, type)
  if (value !== undefined) return value
  throw new DeltaError(
    'CorruptLog',
    `Partition value ${JSON.stringify(text.slice(0, 200))} is not a value of type ${type.type}. The log was written by a faulty writer.`,
  )
}

/**
 * The text of a partition value (PROTOCOL.md, "Partition Value Serialization"); timestamps are written in ISO 8601, adjusted to UTC. Null and
 * the empty string, which the protocol reads as null, become null.
 *
 * InvalidInput for binary values that are not UTF-8: they have no text that other readers would turn into the same bytes.
 * UnsupportedType where the type cannot partition.
 */
export function serializePartitionValue(value: Scalar | null, type: DataType): string | null {
  if (value === null || value === '') return null
  switch (type.type) {
    case 'string':
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return String(value)
    case 'float':
    case 'double':
      return formatFloating(value as number, type.type)
    case 'decimal':
      return formatDecimal(value as bigint, (type as DecimalType).scale)
    case 'date':
      return formatDate(value as number)
    case 'timestamp':
      return `${formatTimestamp(value as bigint, { separator: 'T', digits: 6 })}Z`
    case 'timestamp_ntz':
      return formatTimestamp(value as bigint)
    case 'binary':
      return binaryText(value as Uint8Array)
    default:
      return unsupported(type)
  }
}

function parse(text: string, type: DataType): Scalar | undefined {
  switch (type.type) {
    case 'string':
      return text
    case 'boolean':
      return parseBoolean(text)
    case 'byte':
    case 'short':
    case 'integer':
      return parseInteger(text.trim(), INTEGER_LIMITS[type.type])
    case 'long':
      return parseLong(text.trim())
    case 'float':
    case 'double': {
      const value = parseFloating(floatingText(text.trim()))
      return type.type === 'float' && value !== undefined ? Math.fround(value) : value
    }
    case 'decimal':
      return parseDecimal(text, (type as DecimalType).precision, (type as DecimalType).scale)
    case 'date':
      // Old writers left the time of day in.
      return parseDate(text.replace(/[ T].*$/, ''))
    case 'timestamp':
    case 'timestamp_ntz':
      return parseTimestamp(text)
    case 'binary':
      return new TextEncoder().encode(text)
    default:
      return unsupported(type)
  }
}

function parseBoolean(text: string): boolean | undefined {
  const lower = text.trim().toLowerCase()
  return TRUE.has(lower) ? true : FALSE.has(lower) ? false : undefined
}

/** Writers in Rust have `inf`. */
function floatingText(text: string): string {
  const found = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text)
  if (found === null) return text
  return found[2]?.toLowerCase() === 'nan' ? 'NaN' : `${found[1]}Infinity`
}

function parseInteger(text: string, limit: number): number | undefined {
  const value = Number(text)
  // '-0' is no other number than '0'.
  return INTEGER.test(text) && value >= -limit && value < limit ? value + 0 : undefined
}

function parseLong(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= -LONG_LIMIT && value < LONG_LIMIT ? value : undefined
}

/** Spark and the kernels read a binary partition value as the UTF-8 bytes of its text. */
function binaryText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) || null
  } catch (cause) {
    throw new DeltaError(
      'InvalidInput',
      'A binary partition value is not valid UTF-8: the Delta protocol has no text for it that all readers understand. Partition by another column.',
      { cause },
    )
  }
}

function unsupported(type: DataType): never {
  throw new DeltaError(
    'UnsupportedType',
    `A column of type ${type.type} cannot partition a table. Partition by another column.`,
  )
}
