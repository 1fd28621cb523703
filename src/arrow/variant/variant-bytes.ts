import { BASIC, PRIMITIVE } from './variant-format.js'

const encoder = new TextEncoder()
const SHORT_STRING_BYTES = 63

/** The first byte of a primitive. */
export function primitiveByte(type: number): number {
  return BASIC.primitive | (type << 2)
}

/** A primitive with a body of fixed width. */
export function primitiveBytes(type: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + body.byteLength)
  bytes[0] = primitiveByte(type)
  bytes.set(body, 1)
  return bytes
}

/** A signed integer of so many bytes, little-endian. */
export function integerBody(value: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

export function stringBytes(text: string): Uint8Array {
  const utf8 = encoder.encode(text)
  if (utf8.byteLength > SHORT_STRING_BYTES) return sizedBytes(PRIMITIVE.string, utf8)
  const bytes = new Uint8Array(1 + utf8.byteLength)
  bytes[0] = BASIC.shortString | (utf8.byteLength << 2)
  bytes.set(utf8, 1)
  return bytes
}

/** A string or a binary with its length before it. */
export function sizedBytes(type: number, body: Uint8Array): Uint8Array {
  return primitiveBytes(type, join([unsigned(body.byteLength, 4), body]))
}

export function arrayBytes(elements: readonly Uint8Array[]): Uint8Array {
  const { width, offsets } = layOut(elements)
  const large = elements.length > 0xff
  const header = BASIC.array | ((width - 1) << 2) | (large ? 0x10 : 0)
  return join([Uint8Array.of(header), unsigned(elements.length, large ? 4 : 1), offsets, ...elements])
}

/** @param fields sorted by the names that the ids stand for. */
export function objectBytes(fields: readonly { readonly id: number; readonly value: Uint8Array }[]): Uint8Array {
  const values = fields.map(({ value }) => value)
  const { width, offsets } = layOut(values)
  const large = fields.length > 0xff
  const idWidth = widthOf(fields.reduce((max, { id }) => Math.max(max, id), 0))
  const header = BASIC.object | ((width - 1) << 2) | ((idWidth - 1) << 4) | (large ? 0x40 : 0)
  const ids = fields.map(({ id }) => unsigned(id, idWidth))
  return join([Uint8Array.of(header), unsigned(fields.length, large ? 4 : 1), ...ids, offsets, ...values])
}

/** Bytes that an unsigned integer takes: 1 to 4. */
export function widthOf(value: number): number {
  return value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 24 ? 3 : 4
}

export function unsigned(value: number, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) & 0xff)
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

/** Names are sorted by their UTF-8 bytes. */
export function compareNames(a: string, b: string): number {
  const left = encoder.encode(a)
  const right = encoder.encode(b)
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i] as number) - (right[i] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function layOut(values: readonly Uint8Array[]): { readonly width: number; readonly offsets: Uint8Array } {
  const total = values.reduce((sum, value) => sum + value.byteLength, 0)
  const width = widthOf(total)
  let at = 0
  const starts = values.map((value) => {
    const start = at
    at += value.byteLength
    return unsigned(start, width)
  })
  return { width, offsets: join([...starts, unsigned(total, width)]) }
}
