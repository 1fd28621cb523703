import { DeltaError } from '../../errors/delta-error.js'
import type { JsonValue } from '../../schema/data-type.js'
import { formatDate } from '../../schema/date-text.js'
import { formatDecimal } from '../../schema/number-text.js'
import { formatTimestamp } from '../../schema/timestamp-text.js'
import { PRIMITIVE } from './variant-format.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A little-endian unsigned integer of 1 to 4 bytes. */
export function readUnsigned(view: DataView, at: number, width: number): number {
  let value = 0
  for (let i = width - 1; i >= 0; i--) value = value * 256 + view.getUint8(at + i)
  return value
}

export function readUtf8(view: DataView, at: number, length: number): string {
  return decoder.decode(readBytes(view, at, length))
}

/** A primitive of a variant, without its first byte, as JSON: in the words of Spark's `to_json`. */
export function readPrimitive(view: DataView, at: number, type: number): JsonValue {
  switch (type) {
    case PRIMITIVE.null:
      return null
    case PRIMITIVE.true:
      return true
    case PRIMITIVE.false:
      return false
    case PRIMITIVE.int8:
      return view.getInt8(at)
    case PRIMITIVE.int16:
      return view.getInt16(at, true)
    case PRIMITIVE.int32:
      return view.getInt32(at, true)
    case PRIMITIVE.int64:
      return jsonInteger(view.getBigInt64(at, true))
    case PRIMITIVE.double:
      return jsonFloating(view.getFloat64(at, true))
    case PRIMITIVE.float:
      return jsonFloating(view.getFloat32(at, true))
    case PRIMITIVE.decimal4:
      return jsonDecimal(BigInt(view.getInt32(at + 1, true)), view.getUint8(at))
    case PRIMITIVE.decimal8:
      return jsonDecimal(view.getBigInt64(at + 1, true), view.getUint8(at))
    case PRIMITIVE.decimal16:
      return jsonDecimal((view.getBigInt64(at + 9, true) << 64n) | view.getBigUint64(at + 1, true), view.getUint8(at))
    case PRIMITIVE.string:
      return readUtf8(view, at + 4, readUnsigned(view, at, 4))
    case PRIMITIVE.binary:
      return base64(readBytes(view, at + 4, readUnsigned(view, at, 4)))
    case PRIMITIVE.uuid:
      return uuidText(readBytes(view, at, 16))
    default:
      return readTemporal(view, at, type)
  }
}

function readTemporal(view: DataView, at: number, type: number): JsonValue {
  switch (type) {
    case PRIMITIVE.date:
      return formatDate(view.getInt32(at, true))
    case PRIMITIVE.timestamp:
      return `${formatTimestamp(view.getBigInt64(at, true))}+00:00`
    case PRIMITIVE.timestampNtz:
      return formatTimestamp(view.getBigInt64(at, true))
    case PRIMITIVE.timeNtz:
      return formatTimestamp(view.getBigInt64(at, true)).slice('1970-01-01 '.length)
    case PRIMITIVE.timestampNanos:
      return `${nanosText(view.getBigInt64(at, true))}+00:00`
    case PRIMITIVE.timestampNtzNanos:
      return nanosText(view.getBigInt64(at, true))
    default:
      throw new DeltaError(
        'UnsupportedFeature',
        `A variant value has the type ${type}, which this version does not know.`,
      )
  }
}

function nanosText(nanos: bigint): string {
  const rest = ((nanos % 1000n) + 1000n) % 1000n
  return formatTimestamp((nanos - rest) / 1000n, { digits: 6 }) + String(rest).padStart(3, '0')
}

function jsonInteger(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** JSON has no NaN and no infinities: Spark writes them as text. */
function jsonFloating(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value)
}

function jsonDecimal(unscaled: bigint, scale: number): JsonValue {
  const text = formatDecimal(unscaled, scale)
  if (scale === 0) return jsonInteger(unscaled)
  const number = Number(text)
  return text.replace(/\.?0+$/, '') === String(number) ? number : text
}

function readBytes(view: DataView, at: number, length: number): Uint8Array {
  if (at + length > view.byteLength) throw new RangeError('The bytes of a variant end too early.')
  return new Uint8Array(view.buffer, view.byteOffset + at, length)
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
