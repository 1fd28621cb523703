import { type DataType as ArrowType, RecordBatch, Type } from 'apache-arrow'
import { type Column, childAt, makeColumn } from './column.js'
import { bitmapBytes, hasBit, setBit, validityTest } from './validity.js'

/** The rows of a batch at `indices`, in that order, copied. Types are the ones of `arrowSchema`. */
export function takeRows(batch: RecordBatch, indices: Int32Array): RecordBatch {
  const children = batch.data.children.map((column) => takeColumn(column as Column, indices))
  return new RecordBatch(batch.schema, makeColumn(batch.data.type, { length: indices.length, children }) as never)
}

/** The values of a column at `indices`; -1 gives null. */
export function takeColumn(column: Column, indices: Int32Array): Column {
  const type = column.type as ArrowType
  const validity = takeValidity(column, indices)
  const parts = { length: indices.length, validity }
  switch (column.typeId) {
    case Type.Null:
      return makeColumn(type, { length: indices.length })
    case Type.Bool:
      return makeColumn(type, { ...parts, values: takeBits(column, indices) })
    case Type.Utf8:
    case Type.Binary:
      return takeBytes(column, indices, parts)
    case Type.List:
    case Type.Map:
      return takeLists(column, indices, parts)
    case Type.Struct:
      return makeColumn(type, {
        ...parts,
        children: column.children.map((child) => takeColumn(child as Column, indices)),
      })
    default:
      return makeColumn(type, { ...parts, values: takeFixedWidth(column, indices) })
  }
}

function takeValidity(column: Column, indices: Int32Array): Uint8Array | undefined {
  const isValid = validityTest(column)
  const bits = new Uint8Array(bitmapBytes(indices.length))
  let nulls = 0
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i] as number
    if (row >= 0 && isValid(row)) setBit(bits, i)
    else nulls++
  }
  return nulls === 0 ? undefined : bits
}

function takeBits(column: Column, indices: Int32Array): Uint8Array {
  const values = column.values as Uint8Array
  const bits = new Uint8Array(bitmapBytes(indices.length))
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i] as number
    if (row >= 0 && hasBit(values, column.offset + row)) setBit(bits, i)
  }
  return bits
}

type Numbers = Int32Array | BigInt64Array | Float64Array

/** Values of one width: decimals take several elements a row. */
function takeFixedWidth(column: Column, indices: Int32Array): Numbers {
  const from = column.values as Numbers
  const stride = column.stride
  const to = new (from.constructor as new (length: number) => Numbers)(indices.length * stride)
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i] as number
    if (row < 0) continue
    for (let k = 0; k < stride; k++) to[i * stride + k] = from[row * stride + k] as never
  }
  return to
}

function takeOffsets(column: Column, indices: Int32Array): Int32Array {
  const from = column.valueOffsets as Int32Array
  const isValid = validityTest(column)
  const offsets = new Int32Array(indices.length + 1)
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i] as number
    const length = row >= 0 && isValid(row) ? (from[row + 1] as number) - (from[row] as number) : 0
    offsets[i + 1] = (offsets[i] as number) + length
  }
  return offsets
}

function takeBytes(
  column: Column,
  indices: Int32Array,
  parts: { length: number; validity: Uint8Array | undefined },
): Column {
  const from = column.valueOffsets as Int32Array
  const bytes = column.values as Uint8Array
  const offsets = takeOffsets(column, indices)
  const values = new Uint8Array(offsets[indices.length] as number)
  for (let i = 0; i < indices.length; i++) {
    const [start, end] = [offsets[i] as number, offsets[i + 1] as number]
    const begin = end > start ? (from[indices[i] as number] as number) : 0
    if (end > start) values.set(bytes.subarray(begin, begin + end - start), start)
  }
  return makeColumn(column.type as ArrowType, { ...parts, offsets, values })
}

function takeLists(
  column: Column,
  indices: Int32Array,
  parts: { length: number; validity: Uint8Array | undefined },
): Column {
  const from = column.valueOffsets as Int32Array
  const offsets = takeOffsets(column, indices)
  const elements = new Int32Array(offsets[indices.length] as number)
  for (let i = 0, next = 0; i < indices.length; i++) {
    const count = (offsets[i + 1] as number) - (offsets[i] as number)
    const begin = count > 0 ? (from[indices[i] as number] as number) : 0
    for (let k = 0; k < count; k++) elements[next++] = begin + k
  }
  return makeColumn(column.type as ArrowType, {
    ...parts,
    offsets,
    children: [takeColumn(childAt(column, 0), elements)],
  })
}
