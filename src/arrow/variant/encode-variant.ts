import type { JsonValue } from '../../schema/data-type.js'
import {
  arrayBytes,
  compareNames,
  integerBody,
  join,
  objectBytes,
  primitiveByte,
  primitiveBytes,
  stringBytes,
  unsigned,
  widthOf,
} from './variant-bytes.js'
import { PRIMITIVE, VARIANT_VERSION } from './variant-format.js'

const encoder = new TextEncoder()
const LONG_LIMIT = 2n ** 63n
const DECIMAL16_LIMIT = 10n ** 38n
const SORTED = 1 << 4
const LONE_SURROGATE = /\p{Cs}/u

/** What has no form as a variant: ends the encoding of the whole value. */
class NoJson extends Error {}

/**
 * A JSON value as a variant (parquet-format, "Variant Binary Encoding"): integers in the smallest type that holds them, other numbers as
 * doubles. Undefined where the value is no JSON, or has an integer of more than 38 digits.
 */
export function encodeVariantValue(
  json: JsonValue,
): { readonly metadata: Uint8Array; readonly value: Uint8Array } | undefined {
  try {
    const names = [...collectNames(json, new Set())].sort(compareNames)
    const ids = new Map(names.map((name, id) => [name, id]))
    return { metadata: metadataBytes(names), value: valueBytes(json, ids) }
  } catch (error) {
    if (error instanceof NoJson) return undefined
    throw error
  }
}

function collectNames(json: JsonValue, names: Set<string>): Set<string> {
  if (Array.isArray(json)) for (const element of json) collectNames(element, names)
  else if (typeof json === 'object' && json !== null) {
    const prototype = Object.getPrototypeOf(json) as unknown
    if (prototype !== Object.prototype && prototype !== null) throw new NoJson()
    for (const [name, value] of Object.entries(json)) {
      names.add(checked(name))
      collectNames(value as JsonValue, names)
    }
  }
  return names
}

function metadataBytes(names: readonly string[]): Uint8Array {
  const texts = names.map((name) => encoder.encode(name))
  const total = texts.reduce((sum, text) => sum + text.byteLength, 0)
  const width = widthOf(Math.max(total, names.length))
  let offset = 0
  const ends = texts.map((text) => {
    offset += text.byteLength
    return unsigned(offset, width)
  })
  const header = Uint8Array.of(VARIANT_VERSION | SORTED | ((width - 1) << 6))
  return join([header, unsigned(names.length, width), unsigned(0, width), ...ends, ...texts])
}

function valueBytes(json: JsonValue, ids: ReadonlyMap<string, number>): Uint8Array {
  if (json === null) return Uint8Array.of(primitiveByte(PRIMITIVE.null))
  if (Array.isArray(json)) return arrayBytes(json.map((element) => valueBytes(element, ids)))
  switch (typeof json) {
    case 'boolean':
      return Uint8Array.of(primitiveByte(json ? PRIMITIVE.true : PRIMITIVE.false))
    case 'bigint':
      return integerBytes(json)
    case 'number':
      return Number.isSafeInteger(json) && !Object.is(json, -0) ? integerBytes(BigInt(json)) : doubleBytes(json)
    case 'string':
      return stringBytes(checked(json))
    case 'object': {
      const entries = Object.entries(json).sort(([a], [b]) => compareNames(a, b))
      return objectBytes(
        entries.map(([name, value]) => ({ id: ids.get(name) as number, value: valueBytes(value as JsonValue, ids) })),
      )
    }
    default:
      throw new NoJson()
  }
}

function integerBytes(value: bigint): Uint8Array {
  if (BigInt.asIntN(8, value) === value) return primitiveBytes(PRIMITIVE.int8, integerBody(value, 1))
  if (BigInt.asIntN(16, value) === value) return primitiveBytes(PRIMITIVE.int16, integerBody(value, 2))
  if (BigInt.asIntN(32, value) === value) return primitiveBytes(PRIMITIVE.int32, integerBody(value, 4))
  if (value >= -LONG_LIMIT && value < LONG_LIMIT) return primitiveBytes(PRIMITIVE.int64, integerBody(value, 8))
  if (value <= -DECIMAL16_LIMIT || value >= DECIMAL16_LIMIT) throw new NoJson()
  return primitiveBytes(PRIMITIVE.decimal16, join([Uint8Array.of(0), integerBody(value, 16)]))
}

function doubleBytes(value: number): Uint8Array {
  if (!Number.isFinite(value)) throw new NoJson()
  return primitiveBytes(PRIMITIVE.double, new Uint8Array(Float64Array.of(value).buffer))
}

function checked(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new NoJson()
  return text
}
