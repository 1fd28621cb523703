import { Type } from 'apache-arrow'
import { type Column, childAt } from './column.js'
import { hasBit, validityTest } from './validity.js'

/** 32-bit words of a digest. */
export const DIGEST_WORDS = 4

/**
 * A digest of 128 bits for each row: rows of equal values, at any depth, have equal digests, and rows that differ have others but for an accident of 1 in 2^100.
 * -0 equals 0, one NaN another; the order of a map's entries does not count. Digests are good within a process; they are not made against people who look for collisions.
 *
 * @param columns of the types that `arrowSchema` makes
 * @returns {@link DIGEST_WORDS} words a row
 */
export function rowDigests(columns: readonly Column[], length: number): Int32Array {
  const digests = emptyDigests(length)
  for (const column of columns) mixColumn(digests, column, length)
  for (let i = 0; i < digests.length; i++) digests[i] = finish(digests[i] as number)
  return digests
}

function emptyDigests(length: number): Int32Array {
  const digests = new Int32Array(length * DIGEST_WORDS)
  for (let at = 0; at < digests.length; at += DIGEST_WORDS) {
    digests[at] = 0x243f6a88
    digests[at + 1] = 0x85a308d3
    digests[at + 2] = 0x13198a2e
    digests[at + 3] = 0x03707344
  }
  return digests
}

function mixColumn(digests: Int32Array, column: Column, length: number): void {
  const isPresent = validityTest(column)
  const mixValue = valueMixer(digests, column)
  for (let row = 0; row < length; row++) {
    const at = row * DIGEST_WORDS
    if (isPresent(row)) mixValue(row, at)
    else {
      mix(digests, at, 0x452821e6)
      mix(digests, at, 0x38d01377)
    }
  }
}

type ValueMixer = (row: number, at: number) => void

function valueMixer(digests: Int32Array, column: Column): ValueMixer {
  switch (column.typeId) {
    case Type.Null:
      return () => undefined
    case Type.Bool: {
      const bits = column.values as Uint8Array
      const { offset } = column
      return (row, at) => mix(digests, at, hasBit(bits, offset + row) ? 1 : 0)
    }
    case Type.Float:
      return floatMixer(digests, column)
    case Type.Utf8:
    case Type.Binary:
      return bytesMixer(digests, column)
    case Type.Struct:
      return structMixer(digests, column)
    case Type.List:
      return listMixer(digests, column)
    case Type.Map:
      return mapMixer(digests, column)
    default:
      return wordsMixer(digests, column)
  }
}

function floatMixer(digests: Int32Array, column: Column): ValueMixer {
  const values = column.values as Float64Array
  const scratch = new Float64Array(1)
  const words = new Int32Array(scratch.buffer)
  return (row, at) => {
    const value = values[row] as number
    scratch[0] = value === 0 ? 0 : Number.isNaN(value) ? Number.NaN : value
    mix(digests, at, words[0] as number)
    mix(digests, at, words[1] as number)
  }
}

/** Whole numbers, times and decimals. */
function wordsMixer(digests: Int32Array, column: Column): ValueMixer {
  const values = column.values as Int32Array | BigInt64Array
  const width = (values.BYTES_PER_ELEMENT * column.stride) / 4
  if (width < 1) return (row, at) => mix(digests, at, (values as Int32Array)[row] as number)
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4)
  if (width === 1) return (row, at) => mix(digests, at, words[row] as number)
  return (row, at) => {
    for (let i = 0; i < width; i++) mix(digests, at, words[row * width + i] as number)
  }
}

function bytesMixer(digests: Int32Array, column: Column): ValueMixer {
  const bytes = column.values as Uint8Array
  const offsets = column.valueOffsets as Int32Array
  return (row, at) => {
    let start = offsets[row] as number
    const end = offsets[row + 1] as number
    mix(digests, at, end - start)
    for (; start + 4 <= end; start += 4) mix(digests, at, wordAt(bytes, start))
    let rest = 0
    for (let shift = 0; start < end; start++, shift += 8) rest |= (bytes[start] as number) << shift
    mix(digests, at, rest)
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** What stands below a null does not count, so the fields have digests of their own. */
function structMixer(digests: Int32Array, column: Column): ValueMixer {
  const below = rowDigests(column.children as Column[], column.length)
  return (row, at) => mixDigest(digests, at, below, row)
}

function listMixer(digests: Int32Array, column: Column): ValueMixer {
  const elements = childAt(column, 0)
  const below = rowDigests([elements], elements.length)
  const offsets = column.valueOffsets as Int32Array
  return (row, at) => {
    const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
    mix(digests, at, end - start)
    for (let element = start; element < end; element++) mixDigest(digests, at, below, element)
  }
}

/** Sums of words know no order. */
function mapMixer(digests: Int32Array, column: Column): ValueMixer {
  const entries = childAt(column, 0)
  const below = rowDigests(entries.children as Column[], entries.length)
  const offsets = column.valueOffsets as Int32Array
  const sum = new Int32Array(DIGEST_WORDS)
  return (row, at) => {
    const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
    sum.fill(0)
    for (let i = start * DIGEST_WORDS; i < end * DIGEST_WORDS; i++) {
      const word = i % DIGEST_WORDS
      sum[word] = (sum[word] as number) + (below[i] as number)
    }
    mix(digests, at, end - start)
    mixDigest(digests, at, sum, 0)
  }
}

function mixDigest(digests: Int32Array, at: number, other: Int32Array, row: number): void {
  for (let i = 0; i < DIGEST_WORDS; i++) mix(digests, at, other[row * DIGEST_WORDS + i] as number)
}

/** One round of MurmurHash3 in each of four lanes, with multipliers of its own in each: what cancels out in one does not in the others. */
function mix(digests: Int32Array, at: number, word: number): void {
  digests[at] = round(digests[at] as number, scramble(word, 0xcc9e2d51, 0x1b873593))
  digests[at + 1] = round(digests[at + 1] as number, scramble(word, 0x85ebca6b, 0x9e3779b1))
  digests[at + 2] = round(digests[at + 2] as number, scramble(word, 0xc2b2ae35, 0x165667b1))
  digests[at + 3] = round(digests[at + 3] as number, scramble(word, 0x27d4eb2f, 0x38495ab5))
}

function scramble(word: number, first: number, second: number): number {
  const mixed = Math.imul(word, first)
  return Math.imul((mixed << 15) | (mixed >>> 17), second)
}

function round(hash: number, word: number): number {
  const mixed = hash ^ word
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

function finish(word: number): number {
  let hash = word
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
