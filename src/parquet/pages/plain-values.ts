import { PHYSICAL } from '../parquet-schema.js'
import type { ReadLeaf } from './read-node.js'

/** Values where they lie in a page: each at a position, of as many bytes as its leaf says; those of byte arrays in the four bytes before it. Booleans have a byte each. */
export interface StoredValues {
  readonly bytes: Uint8Array
  readonly at: Int32Array
}

/** Values as PLAIN has them (parquet-format, "Encodings"). @throws Error where the bytes end before */
export function plainValues({ physicalType, width }: ReadLeaf, bytes: Uint8Array, count: number): StoredValues {
  if (physicalType === PHYSICAL.boolean) return packedBits(bytes, count)
  if (physicalType !== PHYSICAL.byteArray) {
    if (count * width > bytes.byteLength) throw new Error('a page ends before its values')
    return { bytes, at: multiplesOf(width, count) }
  }
  const at = new Int32Array(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let next = 0
  for (let i = 0; i < count; i++) {
    const start = next + 4
    next = start <= bytes.byteLength ? start + view.getUint32(next, true) : Number.POSITIVE_INFINITY
    if (next > bytes.byteLength) throw new Error('a page ends before its values')
    at[i] = start
  }
  return { bytes, at }
}

const multiples = new Map<number, Int32Array>()

/** Multiples of a width from 0 on, not to be written to: the pages of a program are of few widths and alike in length. */
function multiplesOf(width: number, count: number): Int32Array {
  let known = multiples.get(width) ?? new Int32Array(0)
  if (known.length < count) {
    known = new Int32Array(count)
    for (let i = 0; i < count; i++) known[i] = i * width
    multiples.set(width, known)
  }
  return known.subarray(0, count)
}

function packedBits(packed: Uint8Array, count: number): StoredValues {
  if (count > packed.byteLength * 8) throw new Error('a page ends before its values')
  const bytes = new Uint8Array(count)
  const at = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    bytes[i] = ((packed[i >> 3] as number) >> (i & 7)) & 1
    at[i] = i
  }
  return { bytes, at }
}
