import { type DataType as ArrowType, DataType } from 'apache-arrow'
import { type Column, makeColumn } from './column.js'
import { bitmapBytes } from './validity.js'

/** A column of nulls. The type is one that `arrowSchema` makes. */
export function nullColumn(type: ArrowType, length: number): Column {
  if (DataType.isNull(type)) return makeColumn(type, { length, nullCount: length })
  const base = { length, nullCount: length, validity: new Uint8Array(bitmapBytes(length)) }
  if (DataType.isStruct(type)) {
    return makeColumn(type, {
      ...base,
      children: type.children.map((field) => nullColumn(field.type as ArrowType, length)),
    })
  }
  if (DataType.isList(type) || DataType.isMap(type)) {
    const children = type.children.map((field) => nullColumn(field.type as ArrowType, 0))
    return makeColumn(type, { ...base, offsets: new Int32Array(length + 1), children })
  }
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    return makeColumn(type, { ...base, offsets: new Int32Array(length + 1), values: new Uint8Array(0) })
  }
  if (DataType.isBool(type)) return makeColumn(type, { ...base, values: new Uint8Array(bitmapBytes(length)) })
  const ArrayType = type.ArrayType as unknown as new (length: number) => ArrayBufferView
  const stride = DataType.isDecimal(type) ? type.bitWidth / 32 : 1
  return makeColumn(type, { ...base, values: new ArrayType(length * stride) })
}
