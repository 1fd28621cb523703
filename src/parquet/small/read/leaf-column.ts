import { type DataType as ArrowType, DataType } from 'apache-arrow'
import { type Column, type ColumnParts, makeColumn } from '../../../arrow/column.js'
import { bitmapBytes, setBit } from '../../../arrow/validity.js'
import { fixedWidth, typedView } from '../../column-layout.js'
import type { StoredValues } from '../../pages/plain-values.js'
import type { ReadLeaf } from '../../pages/read-node.js'
import { PHYSICAL } from '../../parquet-schema.js'

/** Where the values of a leaf go. */
export interface Rows {
  readonly length: number
  /** Undefined where no row is null. */
  readonly validity: Uint8Array | undefined
  readonly nullCount: number
  /** The row of the n-th value. Undefined: row n. */
  readonly rowOf: Int32Array | undefined
}

/** The Arrow column of a leaf. @throws Error for text that is none */
export function leafColumn(leaf: ReadLeaf, values: readonly StoredValues[], rows: Rows): Column {
  const type = leaf.field.type as ArrowType
  const { length, validity, nullCount } = rows
  const parts = { length, validity, nullCount }
  if (leaf.physicalType === PHYSICAL.boolean) return makeColumn(type, { ...parts, values: bits(values, rows) })
  if (leaf.physicalType === PHYSICAL.byteArray) return makeColumn(type, { ...parts, ...byteRows(type, values, rows) })
  return makeColumn(type, { ...parts, values: typedView(type, numbers(leaf, values, rows)) })
}

function rowAt(rowOf: Int32Array | undefined, n: number): number {
  return rowOf === undefined ? n : (rowOf[n] as number)
}

function bits(values: readonly StoredValues[], { length, rowOf }: Rows): Uint8Array {
  const out = new Uint8Array(bitmapBytes(length))
  let n = 0
  for (const { bytes, at } of values) {
    for (let i = 0; i < at.length; i++, n++) if (bytes[at[i] as number] === 1) setBit(out, rowAt(rowOf, n))
  }
  return out
}

/** Numbers of `width` bytes in as many as Arrow has for the type: with the sign, or without the bytes above. */
function numbers(leaf: ReadLeaf, values: readonly StoredValues[], { length, rowOf }: Rows): Uint8Array<ArrayBuffer> {
  const { width, physicalType } = leaf
  const size = fixedWidth(leaf.field.type as ArrowType) as number
  const isBackwards = physicalType === PHYSICAL.fixedLenByteArray
  const copied = Math.min(width, size)
  const out = new Uint8Array(length * size)
  let n = 0
  for (const { bytes, at } of values) {
    for (let i = 0; i < at.length; i++, n++) {
      const from = at[i] as number
      const to = rowAt(rowOf, n) * size
      for (let k = 0; k < copied; k++) out[to + k] = bytes[isBackwards ? from + width - 1 - k : from + k] as number
      const isNegative = size > width && (out[to + width - 1] as number) > 0x7f
      if (isNegative) out.fill(0xff, to + width, to + size)
    }
  }
  return out
}

function byteRows(
  type: ArrowType,
  values: readonly StoredValues[],
  { length, rowOf }: Rows,
): Pick<ColumnParts, 'values' | 'offsets'> {
  const offsets = new Int32Array(length + 1)
  let total = 0
  let n = 0
  for (const { bytes, at } of values) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < at.length; i++, n++) {
      const size = view.getUint32((at[i] as number) - 4, true)
      offsets[rowAt(rowOf, n) + 1] = size
      total += size
    }
  }
  if (total > 0x7fffffff) throw new Error(`a column unpacks to ${total} bytes`)
  for (let row = 0; row < length; row++) offsets[row + 1] = (offsets[row + 1] as number) + (offsets[row] as number)
  const out = new Uint8Array(total)
  n = 0
  for (const { bytes, at } of values) {
    for (let i = 0; i < at.length; i++, n++) {
      const [from, row] = [at[i] as number, rowAt(rowOf, n)]
      const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
      // A call costs more than the few bytes that most texts have.
      if (end - start > 32) out.set(bytes.subarray(from, from + end - start), start)
      else for (let k = start; k < end; k++) out[k] = bytes[from + k - start] as number
    }
  }
  if (DataType.isUtf8(type)) checkText(out, offsets)
  return { offsets, values: out }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function checkText(bytes: Uint8Array, offsets: Int32Array): void {
  if (bytes.every((byte) => byte < 0x80)) return
  decoder.decode(bytes)
  for (const offset of offsets) {
    if (((bytes[offset] ?? 0) & 0xc0) === 0x80) throw new Error('a text is no UTF-8')
  }
}
