import { hasBit } from '../../../arrow/validity.js'
import { stringLowerBound, stringUpperBound } from '../../../protocol/statistics/string-bound.js'
import { scalarOrder } from '../../../schema/scalar-order.js'
import { PHYSICAL } from '../../parquet-schema.js'
import { rowAt } from './plain-values.js'
import type { LeafPart } from './slots.js'
import type { SmallLeaf } from './small-schema.js'

/** The least and the greatest value of a leaf as a footer has them. */
export interface LeafBounds {
  readonly min?: Uint8Array
  readonly max?: Uint8Array
  readonly exactMin?: boolean
  readonly exactMax?: boolean
}

/** Texts longer than this are cut: not so soon that the statistics of the log, which cut them again, would be others. */
const MAX_CHARACTERS = 64
/** Binaries longer than this get no bounds. */
const MAX_BINARY_BOUND = 64

/** Nothing where there is no value, for floats with NaN, which readers would leave out otherwise, and for long binaries. */
export function leafBounds(leaf: SmallLeaf, parts: readonly LeafPart[]): LeafBounds {
  switch (leaf.kind) {
    case 'boolean':
      return booleanBounds(parts)
    case 'float':
      return floatBounds(leaf, parts)
    case 'string':
    case 'binary':
      return byteBounds(leaf.kind, parts)
    default:
      return integerBounds(leaf, parts)
  }
}

function booleanBounds(parts: readonly LeafPart[]): LeafBounds {
  let [min, max] = [1, 0]
  for (const { column, slots } of parts) {
    for (let i = 0; i < slots.present; i++) {
      const value = hasBit(column.values as Uint8Array, column.offset + rowAt(slots.rows, i)) ? 1 : 0
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  return min > max ? {} : exact(Uint8Array.of(min), Uint8Array.of(max))
}

function floatBounds({ physicalType }: SmallLeaf, parts: readonly LeafPart[]): LeafBounds {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let some = false
  for (const { column, slots } of parts) {
    const values = column.values as Float64Array
    for (let i = 0; i < slots.present; i++) {
      const value = values[rowAt(slots.rows, i)] as number
      if (Number.isNaN(value)) return {}
      some = true
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  if (!some) return {}
  // Zeros of either sign are equal, and not all readers know it.
  const ends = [min === 0 ? -0 : min, max === 0 ? 0 : max]
  const [least, greatest] = ends.map((end) => {
    const typed = physicalType === PHYSICAL.float ? Float32Array.of(end) : Float64Array.of(end)
    return new Uint8Array(typed.buffer)
  }) as [Uint8Array, Uint8Array]
  return exact(least, greatest)
}

/** Numbers of one, two or four words, the highest of which has the sign. */
function integerBounds(leaf: SmallLeaf, parts: readonly LeafPart[]): LeafBounds {
  let min: Int32Array | undefined
  let max: Int32Array | undefined
  for (const { column, slots } of parts) {
    if (slots.present === 0) continue
    const words = wordsOf(column.values as Int32Array)
    const size = column.typeId === DECIMAL ? 4 : Math.max(1, (column.values as Int32Array).BYTES_PER_ELEMENT / 4)
    let least = rowAt(slots.rows, 0) * size
    let greatest = least
    for (let i = 1; i < slots.present; i++) {
      const at = rowAt(slots.rows, i) * size
      if (compareWords(words, at, words, least, size) < 0) least = at
      else if (compareWords(words, at, words, greatest, size) > 0) greatest = at
    }
    if (min === undefined || compareWords(words, least, min, 0, size) < 0) min = words.slice(least, least + size)
    if (max === undefined || compareWords(words, greatest, max, 0, size) > 0) {
      max = words.slice(greatest, greatest + size)
    }
  }
  return min === undefined || max === undefined ? {} : exact(wordBytes(leaf, min), wordBytes(leaf, max))
}

/** Of `Type` of apache-arrow. */
const DECIMAL = 7

function wordsOf(values: Int32Array): Int32Array {
  if (values.BYTES_PER_ELEMENT < 4) return Int32Array.from(values)
  return new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4)
}

function compareWords(words: Int32Array, at: number, others: Int32Array, otherAt: number, size: number): number {
  const top = size - 1
  const sign = (words[at + top] as number) - (others[otherAt + top] as number)
  if (sign !== 0) return sign
  for (let word = top - 1; word >= 0; word--) {
    const difference = ((words[at + word] as number) >>> 0) - ((others[otherAt + word] as number) >>> 0)
    if (difference !== 0) return difference
  }
  return 0
}

function wordBytes({ width, physicalType }: SmallLeaf, words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, width)
  return physicalType === PHYSICAL.fixedLenByteArray ? bytes.slice().reverse() : bytes
}

function byteBounds(kind: 'string' | 'binary', parts: readonly LeafPart[]): LeafBounds {
  let min: Uint8Array | undefined
  let max: Uint8Array | undefined
  for (const { column, slots } of parts) {
    if (slots.present === 0) continue
    const offsets = column.valueOffsets as Int32Array
    const values = column.values as Uint8Array
    let least = rowAt(slots.rows, 0)
    let greatest = least
    for (let i = 1; i < slots.present; i++) {
      const row = rowAt(slots.rows, i)
      if (compareRows(values, offsets, row, least) < 0) least = row
      else if (compareRows(values, offsets, row, greatest) > 0) greatest = row
    }
    const [low, high] = [least, greatest].map((row) => values.subarray(offsets[row], offsets[row + 1])) as [
      Uint8Array,
      Uint8Array,
    ]
    if (min === undefined || byteOrder(low, min) < 0) min = low
    if (max === undefined || byteOrder(high, max) > 0) max = high
  }
  if (min === undefined || max === undefined) return {}
  if (kind === 'string') return textBounds(min, max)
  return min.byteLength > MAX_BINARY_BOUND || max.byteLength > MAX_BINARY_BOUND ? {} : exact(min, max)
}

function compareRows(values: Uint8Array, offsets: Int32Array, a: number, b: number): number {
  const [startA, endA] = [offsets[a] as number, offsets[a + 1] as number]
  const [startB, endB] = [offsets[b] as number, offsets[b + 1] as number]
  const common = Math.min(endA - startA, endB - startB)
  for (let i = 0; i < common; i++) {
    const difference = (values[startA + i] as number) - (values[startB + i] as number)
    if (difference !== 0) return difference
  }
  return endA - startA - (endB - startB)
}

const byteOrder = scalarOrder({ type: 'binary' })
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** None of what is no text after all. */
function textBounds(min: Uint8Array, max: Uint8Array): LeafBounds {
  const [least, greatest] = [textOf(min), textOf(max)]
  if (least === undefined || greatest === undefined) return {}
  const [lower, upper] = [stringLowerBound(least, MAX_CHARACTERS), stringUpperBound(greatest, MAX_CHARACTERS)]
  return {
    min: encoder.encode(lower),
    exactMin: lower === least,
    ...(upper !== undefined && { max: encoder.encode(upper), exactMax: upper === greatest }),
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function exact(min: Uint8Array, max: Uint8Array): LeafBounds {
  return { min, max, exactMin: true, exactMax: true }
}
