import { hasBit, setBit } from '../../../arrow/validity.js'
import { PHYSICAL } from '../../parquet-schema.js'
import type { LeafPart } from './slots.js'
import type { SmallLeaf } from './small-schema.js'

/** The values of a leaf that are not null, as PLAIN has them (parquet-format, "Encodings"). */
export function plainValues(leaf: SmallLeaf, parts: readonly LeafPart[]): Uint8Array {
  if (leaf.physicalType === PHYSICAL.boolean) return packedBits(parts)
  if (leaf.physicalType === PHYSICAL.byteArray) return prefixedBytes(parts)
  const present = parts.reduce((sum, { slots }) => sum + slots.present, 0)
  const out = new Uint8Array(present * leaf.width)
  let at = 0
  for (const part of parts) {
    const target = out.subarray(at, at + part.slots.present * leaf.width)
    if (leaf.kind === 'decimal') copyDecimals(leaf, part, target)
    else copyNumbers(leaf.width, part, target)
    at += target.byteLength
  }
  return out
}

/** The row of the n-th value. */
export function rowAt(rows: Int32Array | undefined, n: number): number {
  return rows === undefined ? n : (rows[n] as number)
}

function copyNumbers(width: number, { column, slots: { rows, present } }: LeafPart, out: Uint8Array): void {
  const values = column.values as Int32Array
  if (values.BYTES_PER_ELEMENT < width) {
    // Bytes and shorts are kept in 32 bits.
    const wide = new Int32Array(out.buffer, out.byteOffset, present)
    for (let i = 0; i < present; i++) wide[i] = values[rowAt(rows, i)] as number
  } else if (rows === undefined) {
    out.set(new Uint8Array(values.buffer, values.byteOffset, out.byteLength))
  } else {
    const words = width / 4
    const from = new Int32Array(values.buffer, values.byteOffset, (values.byteLength / 4) | 0)
    const to = new Int32Array(out.buffer, out.byteOffset, present * words)
    for (let i = 0; i < present; i++) {
      const row = (rows[i] as number) * words
      for (let word = 0; word < words; word++) to[i * words + word] = from[row + word] as number
    }
  }
}

/** The lowest bytes of numbers of 128 bits; in byte arrays the highest comes first. */
function copyDecimals(leaf: SmallLeaf, { column, slots: { rows, present } }: LeafPart, out: Uint8Array): void {
  const { width, physicalType } = leaf
  const values = column.values as Uint32Array
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const reversed = physicalType === PHYSICAL.fixedLenByteArray
  for (let i = 0; i < present; i++) {
    const from = rowAt(rows, i) * 16
    for (let k = 0; k < width; k++) {
      out[i * width + k] = bytes[from + (reversed ? width - 1 - k : k)] as number
    }
  }
}

function packedBits(parts: readonly LeafPart[]): Uint8Array {
  const bits = new Uint8Array((parts.reduce((sum, { slots }) => sum + slots.present, 0) + 7) >> 3)
  let at = 0
  for (const { column, slots } of parts) {
    for (let i = 0; i < slots.present; i++, at++) {
      if (hasBit(column.values as Uint8Array, column.offset + rowAt(slots.rows, i))) setBit(bits, at)
    }
  }
  return bits
}

/** Each with its length before it. */
function prefixedBytes(parts: readonly LeafPart[]): Uint8Array {
  let size = 0
  for (const { column, slots } of parts) {
    const offsets = column.valueOffsets as Int32Array
    size += 4 * slots.present
    for (let i = 0; i < slots.present; i++) {
      const row = rowAt(slots.rows, i)
      size += (offsets[row + 1] as number) - (offsets[row] as number)
    }
  }
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  let at = 0
  for (const { column, slots } of parts) {
    const offsets = column.valueOffsets as Int32Array
    const values = column.values as Uint8Array
    for (let i = 0; i < slots.present; i++) {
      const row = rowAt(slots.rows, i)
      const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
      view.setUint32(at, end - start, true)
      at += 4
      // A call costs more than the few bytes that most texts have.
      if (end - start > 32) out.set(values.subarray(start, end), at)
      else for (let k = start; k < end; k++) out[at + k - start] = values[k] as number
      at += end - start
    }
  }
  return out
}
