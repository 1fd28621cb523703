import { type DataType as ArrowType, DataType } from 'apache-arrow'
import { type Column, makeColumn } from './column.js'
import { bitmapBytes } from './validity.js'

/** Bytes of the widest values and of offsets, a row. */
const WIDEST = 16

/** A column of nulls. The type is one that `arrowSchema` makes. */
export function nullColumn(type: ArrowType, length: number): Column {
  return fromZeros(type, length, new ArrayBuffer((length + 1) * WIDEST + bitmapBytes(length)))
}

/** All buffers of a column of nulls are zeros: they are one. */
function fromZeros(type: ArrowType, length: number, zeros: ArrayBuffer): Column {
  if (DataType.isNull(type)) return makeColumn(type, { length, nullCount: length })
  const bits = new Uint8Array(zeros, 0, bitmapBytes(length))
  const base = { length, nullCount: length, validity: bits }
  if (DataType.isStruct(type)) {
    const children = type.children.map((field) => fromZeros(field.type as ArrowType, length, zeros))
    return makeColumn(type, { ...base, children })
  }
  const offsets = new Int32Array(zeros, 0, length + 1)
  if (DataType.isList(type) || DataType.isMap(type)) {
    const children = type.children.map((field) => fromZeros(field.type as ArrowType, 0, zeros))
    return makeColumn(type, { ...base, offsets, children })
  }
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    return makeColumn(type, { ...base, offsets, values: new Uint8Array(zeros, 0, 0) })
  }
  if (DataType.isBool(type)) return makeColumn(type, { ...base, values: bits })
  const ArrayType = type.ArrayType as unknown as new (buffer: ArrayBuffer, from: number, to: number) => ArrayBufferView
  const stride = DataType.isDecimal(type) ? type.bitWidth / 32 : 1
  return makeColumn(type, { ...base, values: new ArrayType(zeros, 0, length * stride) })
}
