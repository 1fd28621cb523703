import type { StoredValues } from '../pages/plain-values.js'
import type { ReadLeaf } from '../pages/read-node.js'
import { PHYSICAL } from '../parquet-schema.js'

/** The distinct values of a column, each with a number, from 0 on in the order of their first coming: a dictionary in the making. */
export interface ValueIndex {
  readonly size: number
  /** Bytes of {@link plain}. */
  readonly byteLength: number
  /** The numbers of values; new ones get the next. @param numbers to be written over, one a value */
  numbersOf(values: StoredValues, numbers?: Int32Array): Int32Array
  /** The values by their numbers, as PLAIN has them. */
  plain(): Uint8Array
}

/** Undefined for booleans, which no dictionary makes smaller. */
export function createValueIndex({ physicalType, width }: ReadLeaf): ValueIndex | undefined {
  if (physicalType === PHYSICAL.boolean) return undefined
  if (width === 4) return new WordIndex()
  if (width === 8) return new PairIndex()
  return new BytesIndex(physicalType === PHYSICAL.byteArray ? 4 : 0, width)
}

/** The numbers of values by their hashes, each increased by 1: 0 stands for a free slot. */
class Slots {
  size = 0
  table: Int32Array = new Int32Array(1 << 12)

  /** Gives the next number to a value, which is kept already. @param hashAt of a value that is kept */
  take(slot: number, hashAt: (number: number) => number): number {
    const number = this.size++
    this.table[slot] = number + 1
    if (this.size * 2 > this.table.length) this.#grow(hashAt)
    return number
  }

  #grow(hashAt: (number: number) => number): void {
    const table = new Int32Array(this.table.length * 4)
    const mask = table.length - 1
    for (let number = 0; number < this.size; number++) {
      let slot = hashAt(number) & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = number + 1
    }
    this.table = table
  }
}

/** Values so near to the first one are found without a hash: most columns of numbers with few values have a narrow range. */
const NEAR = 1 << 14

/** The numbers of words near the first one, each increased by 1: 0 stands for none. */
class NearWords {
  readonly #numbers = new Int32Array(2 * NEAR)
  readonly #base: number

  constructor(first: number) {
    this.#base = first - NEAR
  }

  get(word: number): number {
    const place = (word - this.#base) | 0
    return place >= 0 && place < 2 * NEAR ? (this.#numbers[place] as number) : 0
  }

  set(word: number, number: number): void {
    const place = (word - this.#base) | 0
    if (place >= 0 && place < 2 * NEAR) this.#numbers[place] = number
  }
}

/** Of values of four bytes. */
class WordIndex implements ValueIndex {
  readonly #slots = new Slots()
  #words = new Int32Array(1 << 10)
  #near: NearWords | undefined

  get size(): number {
    return this.#slots.size
  }

  get byteLength(): number {
    return this.size * 4
  }

  numbersOf({ bytes, at }: StoredValues, numbers: Int32Array = new Int32Array(at.length)): Int32Array {
    if (at.length === 0) return numbers
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#near ??= new NearWords(view.getInt32(at[0] as number, true))
    const near = this.#near
    for (let i = 0; i < at.length; i++) {
      const word = view.getInt32(at[i] as number, true)
      const known = near.get(word)
      numbers[i] = known > 0 ? known - 1 : this.#numberOf(word)
    }
    return numbers
  }

  #numberOf(word: number): number {
    const { table } = this.#slots
    const mask = table.length - 1
    let slot = hashOfWord(word) & mask
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const number = (table[slot] as number) - 1
      if (this.#words[number] === word) return number
    }
    this.#words = roomFor(this.#words, this.size + 1)
    this.#words[this.size] = word
    this.#near?.set(word, this.size + 1)
    return this.#slots.take(slot, (number) => hashOfWord(this.#words[number] as number))
  }

  plain(): Uint8Array {
    return littleEndian(this.#words.subarray(0, this.size))
  }
}

/** Of values of eight bytes. */
class PairIndex implements ValueIndex {
  readonly #slots = new Slots()
  #words = new Int32Array(1 << 11)
  #near: NearWords | undefined
  #high = 0

  get size(): number {
    return this.#slots.size
  }

  get byteLength(): number {
    return this.size * 8
  }

  numbersOf({ bytes, at }: StoredValues, numbers: Int32Array = new Int32Array(at.length)): Int32Array {
    if (at.length === 0) return numbers
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#near === undefined) {
      this.#near = new NearWords(view.getInt32(at[0] as number, true))
      this.#high = view.getInt32((at[0] as number) + 4, true)
    }
    const near = this.#near
    const nearHigh = this.#high
    for (let i = 0; i < at.length; i++) {
      const place = at[i] as number
      const low = view.getInt32(place, true)
      const high = view.getInt32(place + 4, true)
      const known = high === nearHigh ? near.get(low) : 0
      numbers[i] = known > 0 ? known - 1 : this.#numberOf(low, high)
    }
    return numbers
  }

  #numberOf(low: number, high: number): number {
    const { table } = this.#slots
    const mask = table.length - 1
    let slot = hashOfPair(low, high) & mask
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const number = (table[slot] as number) - 1
      if (this.#words[2 * number] === low && this.#words[2 * number + 1] === high) return number
    }
    this.#words = roomFor(this.#words, 2 * (this.size + 1))
    this.#words[2 * this.size] = low
    this.#words[2 * this.size + 1] = high
    if (high === this.#high) this.#near?.set(low, this.size + 1)
    return this.#slots.take(slot, (number) =>
      hashOfPair(this.#words[2 * number] as number, this.#words[2 * number + 1] as number),
    )
  }

  plain(): Uint8Array {
    return littleEndian(this.#words.subarray(0, 2 * this.size))
  }
}

/** Of values of any bytes. */
class BytesIndex implements ValueIndex {
  readonly #slots = new Slots()
  readonly #prefix: number
  readonly #width: number
  /** As PLAIN has them. */
  #bytes = new Uint8Array(1 << 12)
  /** Where the values begin, the end of the last included. */
  #starts = new Int32Array(1 << 10)

  /** @param prefix bytes of the length before each value @param width of values without it */
  constructor(prefix: number, width: number) {
    this.#prefix = prefix
    this.#width = width
  }

  get size(): number {
    return this.#slots.size
  }

  get byteLength(): number {
    return this.#starts[this.size] as number
  }

  numbersOf({ bytes, at }: StoredValues, numbers: Int32Array = new Int32Array(at.length)): Int32Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < at.length; i++) {
      const place = at[i] as number
      const length = this.#prefix === 0 ? this.#width : view.getUint32(place - 4, true)
      numbers[i] = this.#numberOf(bytes, place - this.#prefix, place + length)
    }
    return numbers
  }

  /** The length takes part: it is a part of the value. */
  #numberOf(bytes: Uint8Array, start: number, end: number): number {
    const { table } = this.#slots
    const mask = table.length - 1
    let slot = hashOfBytes(bytes, start, end) & mask
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const number = (table[slot] as number) - 1
      if (this.#isAt(number, bytes, start, end)) return number
    }
    const at = this.byteLength
    this.#bytes = roomFor(this.#bytes, at + end - start)
    this.#bytes.set(bytes.subarray(start, end), at)
    this.#starts = roomFor(this.#starts, this.size + 2)
    this.#starts[this.size + 1] = at + end - start
    return this.#slots.take(slot, (number) =>
      hashOfBytes(this.#bytes, this.#starts[number] as number, this.#starts[number + 1] as number),
    )
  }

  #isAt(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const at = this.#starts[number] as number
    if ((this.#starts[number + 1] as number) - at !== end - start) return false
    for (let i = start, k = at; i < end; i++, k++) if (bytes[i] !== this.#bytes[k]) return false
    return true
  }

  plain(): Uint8Array {
    return this.#bytes.slice(0, this.byteLength)
  }
}

function hashOfWord(word: number): number {
  const hash = Math.imul(word, 0x9e3779b1)
  return hash ^ (hash >>> 15)
}

function hashOfPair(low: number, high: number): number {
  return hashOfWord(Math.imul(low, 0x85ebca6b) ^ high)
}

function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  return hashOfWord(hash)
}

function roomFor<T extends Int32Array | Uint8Array>(array: T, length: number): T {
  if (length <= array.length) return array
  const grown = new (array.constructor as { new (length: number): T })(Math.max(length, array.length * 2))
  grown.set(array)
  return grown
}

/** The machines that run this have the order of bytes that PLAIN has. */
function littleEndian(words: Int32Array): Uint8Array {
  return new Uint8Array(words.slice().buffer)
}
