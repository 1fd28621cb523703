import type { JsonValue } from '../../schema/data-type.js'
import { BASIC, PRIMITIVE, VARIANT_VERSION } from './variant-format.js'

const encoder = new TextEncoder()
const SHORT_STRING_BYTES = 63
const INT64_LIMIT = 2n ** 63n
const DECIMAL16_LIMIT = 10n ** 38n

/**
 * A JSON value as a variant (parquet-format, "Variant Binary Encoding"): integers in the smallest type that holds them, other numbers as
 * doubles. Undefined where the value is no JSON, or an integer of more than 38 digits.
 */
export function encodeVariantValue(
  json: JsonValue,
): { readonly metadata: Uint8Array; readonly value: Uint8Array } | undefined {
  const names = new Map<string, number>()
  const ordered = collectNames(json, new Set())
  if (ordered === undefined) return undefined
  for (const name of [...ordered].sort(compareUtf8)) names.set(name, names.size)
  const value = valueBytes(json, names)
  return value === undefined ? undefined : { metadata: metadataBytes([...names.keys()]), value: Uint8Array.from(value) }
}

function collectNames(json: JsonValue, names: Set<string>): Set<string> | undefined {
  if (Array.isArray(json)) return json.every((element) => collectNames(element, names)) ? names : undefined
  if (typeof json !== 'object' || json === null) return names
  const prototype = Object.getPrototypeOf(json) as unknown
  if (prototype !== Object.prototype && prototype !== null) return undefined
  for (const [name, value] of Object.entries(json)) {
    names.add(name)
    if (collectNames(value as JsonValue, names) === undefined) return undefined
  }
  return names
}

function metadataBytes(names: readonly string[]): Uint8Array {
  const texts = names.map((name) => encoder.encode(name))
  const total = texts.reduce((sum, text) => sum + text.byteLength, 0)
  const width = widthOf(Math.max(total, names.length))
  const sorted = 1
  const bytes: number[] = [VARIANT_VERSION | (sorted << 4) | ((width - 1) << 6)]
  pushUnsigned(bytes, names.length, width)
  let offset = 0
  pushUnsigned(bytes, offset, width)
  for (const text of texts) {
    offset += text.byteLength
    pushUnsigned(bytes, offset, width)
  }
  for (const text of texts) bytes.push(...text)
  return Uint8Array.from(bytes)
}

function valueBytes(json: JsonValue, names: ReadonlyMap<string, number>): number[] | undefined {
  if (json === null) return [primitive(PRIMITIVE.null)]
  if (Array.isArray(json)) return arrayBytes(json, names)
  switch (typeof json) {
    case 'boolean':
      return [primitive(json ? PRIMITIVE.true : PRIMITIVE.false)]
    case 'bigint':
      return integerBytes(json)
    case 'number':
      return Number.isSafeInteger(json) && !Object.is(json, -0) ? integerBytes(BigInt(json)) : doubleBytes(json)
    case 'string':
      return stringBytes(json)
    case 'object':
      return objectBytes(json as { readonly [name: string]: JsonValue }, names)
    default:
      return undefined
  }
}

function integerBytes(value: bigint): number[] | undefined {
  const [type, width] =
    BigInt.asIntN(8, value) === value
      ? [PRIMITIVE.int8, 1]
      : BigInt.asIntN(16, value) === value
        ? [PRIMITIVE.int16, 2]
        : BigInt.asIntN(32, value) === value
          ? [PRIMITIVE.int32, 4]
          : value >= -INT64_LIMIT && value < INT64_LIMIT
            ? [PRIMITIVE.int64, 8]
            : [PRIMITIVE.decimal16, 16]
  if (width === 16 && (value <= -DECIMAL16_LIMIT || value >= DECIMAL16_LIMIT)) return undefined
  const bytes = width === 16 ? [primitive(type), 0] : [primitive(type)]
  for (let i = 0; i < width; i++) bytes.push(Number((value >> BigInt(8 * i)) & 0xffn))
  return bytes
}

function doubleBytes(value: number): number[] | undefined {
  if (!Number.isFinite(value)) return undefined
  return [primitive(PRIMITIVE.double), ...new Uint8Array(Float64Array.of(value).buffer)]
}

function stringBytes(text: string): number[] | undefined {
  if (/\p{Cs}/u.test(text)) return undefined
  const utf8 = encoder.encode(text)
  if (utf8.byteLength <= SHORT_STRING_BYTES) return [BASIC.shortString | (utf8.byteLength << 2), ...utf8]
  const bytes = [primitive(PRIMITIVE.string)]
  pushUnsigned(bytes, utf8.byteLength, 4)
  for (const byte of utf8) bytes.push(byte)
  return bytes
}

function arrayBytes(elements: readonly JsonValue[], names: ReadonlyMap<string, number>): number[] | undefined {
  const values = elements.map((element) => valueBytes(element, names))
  const body = layOut(values)
  if (body === undefined) return undefined
  const large = elements.length > 255
  const bytes = [BASIC.array | ((body.width - 1) << 2) | (large ? 0x10 : 0)]
  pushUnsigned(bytes, elements.length, large ? 4 : 1)
  return concat(bytes, body.bytes)
}

function objectBytes(
  json: { readonly [name: string]: JsonValue },
  names: ReadonlyMap<string, number>,
): number[] | undefined {
  const entries = Object.entries(json).sort(([a], [b]) => compareUtf8(a, b))
  const body = layOut(entries.map(([, value]) => valueBytes(value, names)))
  if (body === undefined) return undefined
  const large = entries.length > 255
  const idWidth = widthOf(Math.max(names.size - 1, 0))
  const bytes = [BASIC.object | ((body.width - 1) << 2) | ((idWidth - 1) << 4) | (large ? 0x40 : 0)]
  pushUnsigned(bytes, entries.length, large ? 4 : 1)
  for (const [name] of entries) pushUnsigned(bytes, names.get(name) as number, idWidth)
  return concat(bytes, body.bytes)
}

/** The offsets of values, then the values. */
function layOut(
  values: readonly (number[] | undefined)[],
): { readonly width: number; readonly bytes: number[] } | undefined {
  let total = 0
  const ends = values.map((value) => {
    total += value?.length ?? 0
    return total
  })
  const width = widthOf(total)
  const bytes: number[] = []
  pushUnsigned(bytes, 0, width)
  for (const end of ends) pushUnsigned(bytes, end, width)
  for (const value of values) {
    if (value === undefined) return undefined
    concat(bytes, value)
  }
  return { width, bytes }
}

function concat(bytes: number[], more: readonly number[]): number[] {
  for (const byte of more) bytes.push(byte)
  return bytes
}

const primitive = (type: number): number => BASIC.primitive | (type << 2)

/** Bytes that an unsigned integer takes: 1 to 4. */
function widthOf(value: number): number {
  return value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 24 ? 3 : 4
}

function pushUnsigned(bytes: number[], value: number, width: number): void {
  for (let i = 0; i < width; i++) bytes.push(Math.floor(value / 256 ** i) & 0xff)
}

/** Names are sorted by their UTF-8 bytes. */
function compareUtf8(a: string, b: string): number {
  const left = encoder.encode(a)
  const right = encoder.encode(b)
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i] as number) - (right[i] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
