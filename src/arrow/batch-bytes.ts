import { DataType as Arrow, type RecordBatch } from 'apache-arrow'
import type { Column } from './column.js'
import { bitmapBytes } from './validity.js'

/** Bytes that the rows of a batch take: of a slice only its own part counts, whatever the buffers behind it hold. */
export function batchBytes(batch: RecordBatch): number {
  return batch.data.children.reduce((sum, column) => sum + columnBytes(column as Column, 0, batch.numRows), 0)
}

function columnBytes(column: Column, start: number, length: number): number {
  const { type } = column
  const validity = column.nullCount > 0 ? bitmapBytes(length) : 0
  if (Arrow.isNull(type)) return 0
  if (Arrow.isBool(type)) return validity + bitmapBytes(length)
  if (Arrow.isStruct(type)) {
    return column.children.reduce((sum, child) => sum + columnBytes(child as Column, start, length), validity)
  }
  const offsets = column.valueOffsets as Int32Array | BigInt64Array | undefined
  if (offsets === undefined) {
    const { BYTES_PER_ELEMENT = 1 } = (column.values ?? {}) as { readonly BYTES_PER_ELEMENT?: number }
    return validity + length * column.stride * BYTES_PER_ELEMENT
  }
  const from = Number(offsets[start] ?? 0)
  const count = Number(offsets[start + length] ?? 0) - from
  const own = validity + length * offsets.BYTES_PER_ELEMENT
  return own + (column.children.length === 0 ? count : columnBytes(column.children[0] as Column, from, count))
}
