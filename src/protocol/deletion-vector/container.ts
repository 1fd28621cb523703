/** More values than this are smaller as a bitmap (RoaringBitmap format). */
export const MAX_ARRAY_VALUES = 4096
export const CONTAINER_SPAN: number = 2 ** 16
const BITMAP_WORDS = CONTAINER_SPAN / 32

/**
 * A set of 16-bit numbers in one of the three forms of the RoaringBitmap format. Never empty, never changed.
 *
 * - `array`: the values, ascending
 * - `bitmap`: 2,048 words of 32 bits
 * - `run`: pairs (first value, how many follow it), ascending, not overlapping
 */
export type Container =
  | { readonly kind: 'array'; readonly cardinality: number; readonly values: Uint16Array }
  | { readonly kind: 'bitmap'; readonly cardinality: number; readonly words: Uint32Array }
  | { readonly kind: 'run'; readonly cardinality: number; readonly runs: Uint16Array }

export function containerHas(container: Container, value: number): boolean {
  switch (container.kind) {
    case 'array': {
      const index = lastNotGreater(container.values, 1, value)
      return index >= 0 && container.values[index] === value
    }
    case 'bitmap':
      return (((container.words[value >>> 5] as number) >>> (value & 31)) & 1) === 1
    case 'run': {
      const index = lastNotGreater(container.runs, 2, value)
      return index >= 0 && value - (container.runs[index] as number) <= (container.runs[index + 1] as number)
    }
  }
}

/** Calls `visit` with each stretch of values that follow one another, `end` excluded, ascending. */
export function forEachStretch(container: Container, visit: (start: number, end: number) => void): void {
  switch (container.kind) {
    case 'array':
      for (const value of container.values) visit(value, value + 1)
      return
    case 'run':
      for (let i = 0; i < container.runs.length; i += 2) {
        const start = container.runs[i] as number
        visit(start, start + (container.runs[i + 1] as number) + 1)
      }
      return
    case 'bitmap':
      for (let word = 0; word < BITMAP_WORDS; word++) {
        for (let bits = container.words[word] as number; bits !== 0; bits &= bits - 1) {
          const value = word * 32 + 31 - Math.clz32(bits & -bits)
          visit(value, value + 1)
        }
      }
  }
}

/** The values, ascending. */
export function containerValues(container: Container): Uint16Array {
  if (container.kind === 'array') return container.values
  const values = new Uint16Array(container.cardinality)
  let count = 0
  if (container.kind === 'bitmap') {
    // Without a call for each: sets of rows that changed are made of such.
    for (let word = 0; word < BITMAP_WORDS; word++) {
      for (let bits = container.words[word] as number; bits !== 0; bits &= bits - 1) {
        values[count++] = word * 32 + 31 - Math.clz32(bits & -bits)
      }
    }
    return values
  }
  forEachStretch(container, (start, end) => {
    for (let value = start; value < end; value++) values[count++] = value
  })
  return values
}

/** A copy as a bitmap of 2,048 words. */
export function containerWords(container: Container): Uint32Array {
  if (container.kind === 'bitmap') return container.words.slice()
  const words = new Uint32Array(BITMAP_WORDS)
  forEachStretch(container, (start, end) => {
    for (let value = start; value < end; value++) setBit(words, value)
  })
  return words
}

/** The container of the bits that are set, as an array where that is smaller; undefined where none is. The words are kept. */
export function containerOfWords(words: Uint32Array): Container | undefined {
  let cardinality = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number
    if (word !== 0) cardinality += bitCount(word)
  }
  if (cardinality === 0) return undefined
  const bitmap: Container = { kind: 'bitmap', cardinality, words }
  return cardinality > MAX_ARRAY_VALUES ? bitmap : { kind: 'array', cardinality, values: containerValues(bitmap) }
}

/** Gathers values, in any order: few stay as they come and are sorted in the end, many become a bitmap. */
export class ContainerBuilder {
  #values = new Uint16Array(16)
  #count = 0
  #ascends = true
  #words: Uint32Array | undefined

  add(value: number): void {
    if (this.#words !== undefined) setBit(this.#words, value)
    else if (this.#count === MAX_ARRAY_VALUES) setBit(this.#becomeBitmap(), value)
    else {
      this.#makeRoom(this.#count + 1)
      if (this.#count > 0 && value <= (this.#values[this.#count - 1] as number)) this.#ascends = false
      this.#values[this.#count++] = value
    }
  }

  /** Adds the low 16 bits of every other number from index `from` on, `to` excluded, without a call for each. */
  addAll(numbers: Uint32Array, from: number, to: number): void {
    const count = this.#count + (to - from) / 2
    if (this.#words === undefined && count <= MAX_ARRAY_VALUES) {
      this.#makeRoom(count)
      const values = this.#values
      let last = this.#count === 0 ? -1 : (values[this.#count - 1] as number)
      let ascends = this.#ascends
      for (let i = from, at = this.#count; i < to; i += 2) {
        const value = (numbers[i] as number) & (CONTAINER_SPAN - 1)
        if (value <= last) ascends = false
        values[at++] = value
        last = value
      }
      this.#count = count
      this.#ascends = ascends
      return
    }
    const words = this.#words ?? this.#becomeBitmap()
    for (let i = from; i < to; i += 2) {
      const value = (numbers[i] as number) & (CONTAINER_SPAN - 1)
      words[value >>> 5] = (words[value >>> 5] as number) | (1 << (value & 31))
    }
  }

  /** At least one value was added. */
  build(): Container {
    if (this.#words !== undefined) return containerOfWords(this.#words) as Container
    const values = this.#values.slice(0, this.#count)
    const cardinality = this.#ascends ? this.#count : sortDistinct(values)
    return { kind: 'array', cardinality, values: cardinality === values.length ? values : values.slice(0, cardinality) }
  }

  #makeRoom(count: number): void {
    if (count <= this.#values.length) return
    const values = new Uint16Array(Math.max(count, this.#values.length * 4))
    values.set(this.#values)
    this.#values = values
  }

  #becomeBitmap(): Uint32Array {
    const words = new Uint32Array(BITMAP_WORDS)
    for (let i = 0; i < this.#count; i++) setBit(words, this.#values[i] as number)
    this.#words = words
    return words
  }
}

/** Sorts values and moves the distinct ones to the front. @returns how many they are */
function sortDistinct(values: Uint16Array): number {
  values.sort()
  let count = 0
  for (let i = 0; i < values.length; i++) {
    if (count === 0 || values[i] !== values[count - 1]) values[count++] = values[i] as number
  }
  return count
}

export function setBit(words: Uint32Array, value: number): void {
  words[value >>> 5] = (words[value >>> 5] as number) | (1 << (value & 31))
}

export function clearBit(words: Uint32Array, value: number): void {
  words[value >>> 5] = (words[value >>> 5] as number) & ~(1 << (value & 31))
}

/** Index of the last entry (of `stride` elements) whose first element is not greater than `value`; -1 where all are greater. */
function lastNotGreater(sorted: Uint16Array, stride: number, value: number): number {
  let low = 0
  let high = sorted.length / stride
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle * stride] as number) <= value) low = middle + 1
    else high = middle
  }
  return (low - 1) * stride
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
