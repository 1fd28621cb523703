import { type DataType as ArrowType, type RecordBatch, Type } from 'apache-arrow'
import { uninitializedBytes } from '../runtime/uninitialized-bytes.js'
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

/**
 * The rows of a batch that runs name, copied. Types are the ones of `arrowSchema`.
 * @param inPlace to write them over the batch's own memory, which nobody else may hold: the runs are in order, none overlaps another and none is of nulls
 */
export function takeRuns(batch: RecordBatch, runs: RowRuns, inPlace = false): RecordBatch {
  const columns = batch.data.children.map((column) => takeColumn(column as Column, runs, inPlace))
  return batchOf(batch.schema, columns, runs.total)
}

/** The values of a column that runs name. In place as {@link takeRuns}. */
export function takeColumn(column: Column, runs: RowRuns, inPlace = false): Column {
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
      return makeColumn(type, { ...parts, ...takeBytes(column, runs, inPlace) })
    case Type.List:
    case Type.Map:
      return makeColumn(type, { ...parts, ...takeLists(column, runs, inPlace) })
    case Type.Struct:
      return makeColumn(type, {
        ...parts,
        children: column.children.map((child) => takeColumn(child as Column, runs, inPlace)),
      })
    default:
      return makeColumn(type, { ...parts, values: takeFixedWidth(column, runs, inPlace) })
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

function hasNulls(runs: RowRuns): boolean {
  return runs.starts.subarray(0, runs.count).includes(-1)
}

function takeValidity(column: Column, runs: RowRuns): Uint8Array | undefined {
  const validity = validityOf(column)
  if (validity === undefined && !hasNulls(runs)) return undefined
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
function takeFixedWidth(column: Column, runs: RowRuns, inPlace: boolean): Numbers {
  const from = column.values as Numbers
  const { stride } = column
  const to = inPlace ? from : uninitialized(from, runs.total * stride)
  if (hasNulls(runs)) to.fill(0 as never)
  forEachRun(runs, (start, length, at) => {
    copyElements(from, start * stride, to, at * stride, length * stride)
  })
  return to.subarray(0, runs.total * stride)
}

/** To be written over. */
function uninitialized<T extends Numbers>(like: T, length: number): T {
  const make = like.constructor as new (buffer: ArrayBuffer) => T
  return new make(uninitializedBytes(length * like.BYTES_PER_ELEMENT).buffer)
}

function copyElements(from: Numbers, start: number, to: Numbers, at: number, count: number): void {
  if (count <= SHORT) for (let i = 0; i < count; i++) to[at + i] = from[start + i] as never
  else if (to === from) to.copyWithin(at, start, start + count)
  else to.set(from.subarray(start, start + count) as never, at)
}

/** What the offsets of a column say of the runs: where their bytes or elements are. */
function partsOfRuns(column: Column, runs: RowRuns): RowRuns {
  const offsets = column.valueOffsets as Int32Array
  const starts = new Int32Array(runs.count)
  const lengths = new Int32Array(runs.count)
  let count = 0
  let total = 0
  forEachRun(runs, (start, length) => {
    const first = offsets[start] as number
    const size = (offsets[start + length] as number) - first
    starts[count] = first
    lengths[count++] = size
    total = checkedOffset(total + size)
  })
  return { starts, lengths, count, total }
}

function takeOffsets(column: Column, runs: RowRuns, inPlace: boolean): Int32Array {
  const from = column.valueOffsets as Int32Array
  const offsets = inPlace ? from : uninitialized(from, runs.total + 1)
  let at = 0
  let end = 0
  for (let i = 0; i < runs.count; i++) {
    const start = runs.starts[i] as number
    const length = runs.lengths[i] as number
    if (start < 0) offsets.fill(end, at + 1, at + length + 1)
    else {
      const shift = end - (from[start] as number)
      end = (from[start + length] as number) + shift
      for (let k = 1; k <= length; k++) offsets[at + k] = (from[start + k] as number) + shift
    }
    at += length
  }
  // The last to be written: in place, the first run may begin there.
  offsets[0] = 0
  return offsets.subarray(0, runs.total + 1)
}

/** A run of texts is a run of bytes. */
function takeBytes(column: Column, runs: RowRuns, inPlace: boolean): { offsets: Int32Array; values: Uint8Array } {
  const from = column.values as Uint8Array
  const bytes = partsOfRuns(column, runs)
  const values = inPlace ? from : uninitializedBytes(bytes.total)
  forEachRun(bytes, (start, length, at) => {
    copyElements(from, start, values, at, length)
  })
  return { offsets: takeOffsets(column, runs, inPlace), values: values.subarray(0, bytes.total) }
}

/** A run of lists is a run of elements. */
function takeLists(column: Column, runs: RowRuns, inPlace: boolean): { offsets: Int32Array; children: Column[] } {
  const elements = takeColumn(childAt(column, 0), partsOfRuns(column, runs), inPlace)
  return { offsets: takeOffsets(column, runs, inPlace), children: [elements] }
}
