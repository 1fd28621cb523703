import { PHYSICAL } from '../../parquet-schema.js'
import type { ReadLeaf } from './read-node.js'

/** Values where they lie in a page: each at a position, of as many bytes as its leaf says; those of byte arrays in the four bytes before it. Booleans have a byte each. */
export interface StoredValues {
  readonly bytes: Uint8Array
  readonly at: Int32Array
}

/** Values as PLAIN has them (parquet-format, "Encodings"). @throws Error where the bytes end before */
export function plainValues({ physicalType, width }: ReadLeaf, bytes: Uint8Array, count: number): StoredValues {
  if (physicalType === PHYSICAL.boolean) return packedBits(bytes, count)
  const at = new Int32Array(count)
  if (physicalType !== PHYSICAL.byteArray) {
    if (count * width > bytes.byteLength) throw new Error('a page ends before its values')
    for (let i = 0; i < count; i++) at[i] = i * width
    return { bytes, at }
  }
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
