import { snappyUncompress } from 'hyparquet/src/snappy.js'
import { uninitializedBytes } from '../../runtime/uninitialized-bytes.js'

// Raw Snappy, as pages have it (google/snappy, "format_description").

/** Gives out bytes to be written over. */
export type Allocate = (size: number) => Uint8Array

/** @param size bytes once unpacked @throws Error where they are not so many */
export function unpackSnappy(packed: Uint8Array, size: number, allocate: Allocate = uninitializedBytes): Uint8Array {
  const { length, at } = lengthOf(packed)
  if (length !== size) throw new Error(`a page unpacks to ${length} bytes, not ${size}`)
  // What does not get smaller is stored as it is: one literal.
  const literal = literalAt(packed, at)
  if (literal !== undefined && literal.end === packed.byteLength && literal.end - literal.start === size) {
    return packed.subarray(literal.start, literal.end)
  }
  const bytes = allocate(size)
  snappyUncompress(packed, bytes)
  return bytes
}

function lengthOf(packed: Uint8Array): { readonly length: number; readonly at: number } {
  let length = 0
  for (let at = 0; at < Math.min(5, packed.byteLength); at++) {
    const byte = packed[at] as number
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { length, at: at + 1 }
  }
  throw new Error('a page does not say how long it is')
}

/** Lengths up to here stand in the tag. */
const SHORT_LITERAL = 60

function literalAt(packed: Uint8Array, at: number): { readonly start: number; readonly end: number } | undefined {
  const tag = packed[at]
  if (tag === undefined || (tag & 3) !== 0) return undefined
  const sizeBytes = Math.max(0, (tag >>> 2) + 1 - SHORT_LITERAL)
  const start = at + 1 + sizeBytes
  if (sizeBytes === 0) return { start, end: start + (tag >>> 2) + 1 }
  let last = 0
  for (let i = 0; i < sizeBytes; i++) last += (packed[at + 1 + i] ?? 0) * 2 ** (8 * i)
  return { start, end: start + last + 1 }
}

/** Bytes as one literal: for those that do not get smaller. */
export function storeSnappy(bytes: Uint8Array): Uint8Array {
  const { byteLength } = bytes
  const out = new Uint8Array(byteLength + 10)
  let at = 0
  let rest = byteLength
  for (; rest > 0x7f; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80
  out[at++] = rest
  if (byteLength > 0) {
    const last = byteLength - 1
    if (last < SHORT_LITERAL) out[at++] = last << 2
    else {
      const sizeBytes = Math.ceil((32 - Math.clz32(last)) / 8)
      out[at++] = (SHORT_LITERAL - 1 + sizeBytes) << 2
      for (let i = 0; i < sizeBytes; i++) out[at++] = last >>> (8 * i)
    }
  }
  out.set(bytes, at)
  return out.subarray(0, at + byteLength)
}
