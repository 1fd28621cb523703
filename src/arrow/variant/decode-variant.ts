import { DeltaError } from '../../errors/delta-error.js'
import type { JsonValue } from '../../schema/data-type.js'
import { BASIC, VARIANT_VERSION } from './variant-format.js'
import { readPrimitive, readUnsigned, readUtf8 } from './variant-primitive.js'

/** Deeper nesting is taken for damage. */
const MAX_DEPTH = 1000

/**
 * A variant (PROTOCOL.md, "Variant Data Type"; parquet-format, "Variant Binary Encoding") as plain JSON. Integers beyond 2^53 become bigints; decimals become
 * numbers where a number says the same, else text; dates and timestamps become text, binary base64. CorruptData where the bytes are none.
 */
export function decodeVariant(metadata: Uint8Array, value: Uint8Array): JsonValue {
  try {
    return readValue(viewOf(value), 0, readDictionary(viewOf(metadata)).nameOf, 0)
  } catch (cause) {
    if (cause instanceof DeltaError) throw cause
    throw new DeltaError('CorruptData', 'A variant value does not decode: its bytes end too early.', { cause })
  }
}

/** The field names of a variant, from its metadata. */
export function readDictionary(view: DataView): { readonly size: number; readonly nameOf: (id: number) => string } {
  const header = view.getUint8(0)
  if ((header & 0x0f) !== VARIANT_VERSION) damaged(`its metadata has version ${header & 0x0f}`)
  const width = (header >> 6) + 1
  const size = readUnsigned(view, 1, width)
  const offsets = 1 + width
  const bytes = offsets + (size + 1) * width
  const nameOf = (id: number): string => {
    if (id >= size) damaged(`it names field ${id} of ${size}`)
    const start = readUnsigned(view, offsets + id * width, width)
    const end = readUnsigned(view, offsets + (id + 1) * width, width)
    return readUtf8(view, bytes + start, end - start)
  }
  return { size, nameOf }
}

function readValue(view: DataView, at: number, nameOf: (id: number) => string, depth: number): JsonValue {
  if (depth > MAX_DEPTH) damaged(`it is nested more than ${MAX_DEPTH} deep`)
  const first = view.getUint8(at)
  const header = first >> 2
  switch (first & 3) {
    case BASIC.primitive:
      return readPrimitive(view, at + 1, header)
    case BASIC.shortString:
      return readUtf8(view, at + 1, header)
    case BASIC.object:
      return readObject(view, at, header, nameOf, depth)
    default:
      return readArray(view, at, header, nameOf, depth)
  }
}

function readObject(
  view: DataView,
  at: number,
  header: number,
  nameOf: (id: number) => string,
  depth: number,
): JsonValue {
  const offsetWidth = (header & 3) + 1
  const idWidth = ((header >> 2) & 3) + 1
  const countWidth = header & 0x10 ? 4 : 1
  const count = readUnsigned(view, at + 1, countWidth)
  const ids = at + 1 + countWidth
  const offsets = ids + count * idWidth
  const values = offsets + (count + 1) * offsetWidth
  checkCount(view, values)
  const entries: [string, JsonValue][] = []
  for (let i = 0; i < count; i++) {
    const start = values + readUnsigned(view, offsets + i * offsetWidth, offsetWidth)
    const name = nameOf(readUnsigned(view, ids + i * idWidth, idWidth))
    entries.push([name, readValue(view, start, nameOf, depth + 1)])
  }
  return Object.fromEntries(entries)
}

function readArray(
  view: DataView,
  at: number,
  header: number,
  nameOf: (id: number) => string,
  depth: number,
): JsonValue {
  const offsetWidth = (header & 3) + 1
  const countWidth = header & 4 ? 4 : 1
  const count = readUnsigned(view, at + 1, countWidth)
  const offsets = at + 1 + countWidth
  const values = offsets + (count + 1) * offsetWidth
  checkCount(view, values)
  const elements: JsonValue[] = []
  for (let i = 0; i < count; i++) {
    const start = values + readUnsigned(view, offsets + i * offsetWidth, offsetWidth)
    elements.push(readValue(view, start, nameOf, depth + 1))
  }
  return elements
}

function checkCount(view: DataView, values: number): void {
  if (values > view.byteLength) damaged('it counts more elements than it has bytes')
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function damaged(why: string): never {
  throw new DeltaError('CorruptData', `A variant value does not decode: ${why}.`)
}
