import { type DataType as ArrowType, type RecordBatch, Type } from 'apache-arrow'
import { checkedOffset } from './byte-offsets.js'
import { type Column, childAt, makeColumn } from './column.js'
import { batchOf } from './relabel-batch.js'
import { type RowRuns, runsOfIndices } from './row-runs.js'
import { bitmapBytes, copyBits, setBit, validityOf } from './validity.js'

/** Up to so many elements a loop beats a copy of the runtime. */
const SHORT = 16

/** The rows of a batch at `indices`, in that order, copied. Types are the ones of `arrowSchema`. */
export function takeRows(batch: RecordBatch, indices: Int32Array): RecordBatch {
  return takeRuns(batch, runsOfIndices(indices))
}

/** The rows of a batch that runs name, copied. Types are the ones of `arrowSchema`. */
export function takeRuns(batch: RecordBatch, runs: RowRuns): RecordBatch {
  const columns = batch.data.children.map((column) => takeColumn(column as Column, runs))
  return batchOf(batch.schema, columns, runs.total)
}

/** The values of a column that runs name. */
export function takeColumn(column: Column, runs: RowRuns): Column {
  const type = column.type as ArrowType
  const length = runs.total
  const parts = { length, validity: takeValidity(column, runs) }
  switch (column.typeId) {
    case Type.Null:
      return makeColumn(type, { length, nullCount: length })
    case Type.Bool:
      return makeColumn(type, { ...parts, values: takeBits(column, runs) })
    case Type.Utf8:
    case Type.Binary:
      return makeColumn(type, { ...parts, ...takeBytes(column, runs) })
    case Type.List:
    case Type.Map:
      return makeColumn(type, { ...parts, ...takeLists(column, runs) })
    case Type.Struct:
      return makeColumn(type, { ...parts, children: column.children.map((child) => takeColumn(child as Column, runs)) })
    default:
      return makeColumn(type, { ...parts, values: takeFixedWidth(column, runs) })
  }
}

/** Calls with each run and where its rows go; runs of nulls are passed over. */
function forEachRun(runs: RowRuns, visit: (start: number, length: number, at: number) => void): void {
  let at = 0
  for (let i = 0; i < runs.count; i++) {
    const length = runs.lengths[i] as number
    if ((runs.starts[i] as number) >= 0) visit(runs.starts[i] as number, length, at)
    at += length
  }
}

function takeValidity(column: Column, runs: RowRuns): Uint8Array | undefined {
  const validity = validityOf(column)
  if (validity === undefined && !runs.starts.subarray(0, runs.count).includes(-1)) return undefined
  const bits = new Uint8Array(bitmapBytes(runs.total))
  forEachRun(runs, (start, length, at) => {
    if (validity !== undefined) copyBits(validity.bits, validity.offset + start, bits, at, length)
    else for (let i = 0; i < length; i++) setBit(bits, at + i)
  })
  return bits
}

function takeBits(column: Column, runs: RowRuns): Uint8Array {
  const bits = new Uint8Array(bitmapBytes(runs.total))
  forEachRun(runs, (start, length, at) => {
    copyBits(column.values as Uint8Array, column.offset + start, bits, at, length)
  })
  return bits
}

type Numbers = Uint8Array | Int32Array | BigInt64Array | Float64Array

/** Values of one width: decimals take several elements a row. */
function takeFixedWidth(column: Column, runs: RowRuns): Numbers {
  const from = column.values as Numbers
  const { stride } = column
  const to = new (from.constructor as new (length: number) => Numbers)(runs.total * stride)
  forEachRun(runs, (start, length, at) => {
    copyElements(from, start * stride, to, at * stride, length * stride)
  })
  return to
}

function copyElements(from: Numbers, start: number, to: Numbers, at: number, count: number): void {
  if (count > SHORT) to.set(from.subarray(start, start + count) as never, at)
  else for (let i = 0; i < count; i++) to[at + i] = from[start + i] as never
}

function takeOffsets(column: Column, runs: RowRuns): Int32Array {
  const from = column.valueOffsets as Int32Array
  const offsets = new Int32Array(runs.total + 1)
  let at = 0
  let end = 0
  for (let i = 0; i < runs.count; i++) {
    const start = runs.starts[i] as number
    const length = runs.lengths[i] as number
    if (start < 0) offsets.fill(end, at + 1, at + length + 1)
    else {
      const shift = end - (from[start] as number)
      end = checkedOffset((from[start + length] as number) + shift)
      for (let k = 1; k <= length; k++) offsets[at + k] = (from[start + k] as number) + shift
    }
    at += length
  }
  return offsets
}

function takeBytes(column: Column, runs: RowRuns): { readonly offsets: Int32Array; readonly values: Uint8Array } {
  const from = column.valueOffsets as Int32Array
  const offsets = takeOffsets(column, runs)
  const values = new Uint8Array(offsets[runs.total] as number)
  forEachRun(runs, (start, length, at) => {
    const first = from[start] as number
    copyElements(
      column.values as Uint8Array,
      first,
      values,
      offsets[at] as number,
      (from[start + length] as number) - first,
    )
  })
  return { offsets, values }
}

/** A run of lists is a run of elements. */
function takeLists(column: Column, runs: RowRuns): { readonly offsets: Int32Array; readonly children: Column[] } {
  const from = column.valueOffsets as Int32Array
  const offsets = takeOffsets(column, runs)
  const starts = new Int32Array(runs.count)
  const lengths = new Int32Array(runs.count)
  let count = 0
  forEachRun(runs, (start, length) => {
    starts[count] = from[start] as number
    lengths[count++] = (from[start + length] as number) - (from[start] as number)
  })
  const elements = { starts, lengths, count, total: offsets[runs.total] as number }
  return { offsets, children: [takeColumn(childAt(column, 0), elements)] }
}
