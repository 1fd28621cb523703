import { DataType as Arrow, type DataType as ArrowType, type RecordBatch } from 'apache-arrow'
import { byteOffsets } from './byte-offsets.js'
import { type Column, childAt, makeColumn } from './column.js'
import { nullColumn } from './null-column.js'
import { batchOf } from './relabel-batch.js'
import { bitmapBytes, copyBits, setBit, validityOf } from './validity.js'

/** Joins batches of one schema, of the types that `arrowSchema` makes, into one. At least one. */
export function concatBatches(batches: readonly RecordBatch[]): RecordBatch {
  const [first] = batches as [RecordBatch]
  if (batches.length === 1) return first
  const columns = first.schema.fields.map((field, i) =>
    concatColumns(
      field.type as ArrowType,
      batches.map((batch) => childAt(batch.data as Column, i)),
    ),
  )
  return batchOf(
    first.schema,
    columns,
    sum(batches, (batch) => batch.numRows),
  )
}

/** Joins columns of one type that `arrowSchema` makes. */
export function concatColumns(type: ArrowType, columns: readonly Column[]): Column {
  const [first] = columns
  if (first === undefined) return nullColumn(type, 0)
  if (columns.length === 1) return first
  const length = sum(columns, (column) => column.length)
  if (Arrow.isNull(type)) return nullColumn(type, length)
  const parts = { length, validity: concatValidity(columns, length) }
  if (Arrow.isStruct(type)) {
    const children = type.children.map((field, i) =>
      concatColumns(
        field.type as ArrowType,
        columns.map((column) => childAt(column, i)),
      ),
    )
    return makeColumn(type, { ...parts, children })
  }
  if (Arrow.isBool(type)) return makeColumn(type, { ...parts, values: concatBits(columns, length) })
  if (Arrow.isList(type) || Arrow.isMap(type)) {
    const elements = columns.map((column) => {
      const { start, end } = reach(column)
      return childAt(column, 0).slice(start, end - start) as Column
    })
    const child = concatColumns(type.children[0]?.type as ArrowType, elements)
    return makeColumn(type, { ...parts, offsets: concatOffsets(columns, length), children: [child] })
  }
  if (Arrow.isUtf8(type) || Arrow.isBinary(type)) {
    const bytes = columns.map((column) => {
      const { start, end } = reach(column)
      return (column.values as Uint8Array).subarray(start, end)
    })
    return makeColumn(type, { ...parts, offsets: concatOffsets(columns, length), values: concatValues(bytes) })
  }
  const values = columns.map((column) => (column.values as Uint8Array).subarray(0, column.length * column.stride))
  return makeColumn(type, { ...parts, values: concatValues(values) })
}

/** Where the values behind the offsets of a column begin and end. */
function reach(column: Column): { readonly start: number; readonly end: number } {
  const offsets = column.valueOffsets as Int32Array
  return { start: offsets[0] ?? 0, end: offsets[column.length] ?? 0 }
}

function concatValues(arrays: readonly Uint8Array[]): Uint8Array {
  const ArrayType = (arrays[0] as Uint8Array).constructor as new (length: number) => Uint8Array
  const joined = new ArrayType(sum(arrays, (array) => array.length))
  let at = 0
  for (const array of arrays) {
    joined.set(array, at)
    at += array.length
  }
  return joined
}

function concatOffsets(columns: readonly Column[], length: number): Int32Array {
  const sizes = new Float64Array(length)
  let at = 0
  for (const column of columns) {
    const offsets = column.valueOffsets as Int32Array
    for (let i = 0; i < column.length; i++) sizes[at++] = (offsets[i + 1] as number) - (offsets[i] as number)
  }
  return byteOffsets(length, (i) => sizes[i] as number)
}

function concatBits(columns: readonly Column[], length: number): Uint8Array {
  const bits = new Uint8Array(bitmapBytes(length))
  let at = 0
  for (const column of columns) {
    copyBits(column.values as Uint8Array, column.offset, bits, at, column.length)
    at += column.length
  }
  return bits
}

function concatValidity(columns: readonly Column[], length: number): Uint8Array | undefined {
  if (columns.every((column) => column.nullCount === 0)) return undefined
  const bits = new Uint8Array(bitmapBytes(length))
  let at = 0
  for (const column of columns) {
    const validity = validityOf(column)
    if (validity !== undefined) copyBits(validity.bits, validity.offset, bits, at, column.length)
    else for (let i = 0; i < column.length; i++) setBit(bits, at + i)
    at += column.length
  }
  return bits
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
