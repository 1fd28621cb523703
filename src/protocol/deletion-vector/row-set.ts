import {
  CONTAINER_SPAN,
  type Container,
  ContainerBuilder,
  clearBit,
  containerHas,
  containerOfWords,
  containerValues,
  containerWords,
  forEachStretch,
  setBit,
} from './container.js'

/**
 * A set of row positions (0 <= row < 2^53) in a data file, compressed as a RoaringBitmap is: what a deletion vector holds. Immutable.
 * Memory: at most 2 bytes a row, or 8 KiB for each run of 65,536 rows that has any.
 */
export class RowSet implements Iterable<number> {
  static readonly EMPTY: RowSet = new RowSet([], [])

  /** How many rows are in the set. */
  readonly cardinality: number
  /** `row >>> 16` of the containers, ascending. */
  readonly keys: readonly number[]
  readonly containers: readonly Container[]

  /** @param keys ascending, one a container. To make a set from rows, use {@link RowSet.of}. */
  constructor(keys: readonly number[], containers: readonly Container[]) {
    this.keys = keys
    this.containers = containers
    this.cardinality = containers.reduce((sum, container) => sum + container.cardinality, 0)
  }

  /** The set of the rows given, in any order; a row may come twice. */
  static of(rows: Iterable<number>): RowSet {
    const builder = new RowSetBuilder()
    for (const row of rows) builder.add(row)
    return builder.build()
  }

  has(row: number): boolean {
    const key = Math.floor(row / CONTAINER_SPAN)
    const index = this.firstIndex(key)
    return this.keys[index] === key && containerHas(this.containers[index] as Container, row % CONTAINER_SPAN)
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (const [index, container] of this.containers.entries()) {
      const base = (this.keys[index] as number) * CONTAINER_SPAN
      for (const value of containerValues(container)) yield base + value
    }
  }

  /** The rows that are in one of the sets or in both. */
  union(other: RowSet): RowSet {
    const containers = new Map(this.keys.map((key, index) => [key, this.containers[index] as Container]))
    for (const [index, key] of other.keys.entries()) {
      const theirs = other.containers[index] as Container
      const ours = containers.get(key)
      containers.set(key, ours === undefined ? theirs : uniteContainers(ours, theirs))
    }
    const keys = [...containers.keys()].sort((a, b) => a - b)
    return new RowSet(
      keys,
      keys.map((key) => containers.get(key) as Container),
    )
  }

  /** The rows of this set that are not in the other one. */
  without(other: RowSet): RowSet {
    const left = this.keys.flatMap((key, index) => {
      const ours = this.containers[index] as Container
      const theirs = other.containers[other.firstIndex(key)]
      if (theirs === undefined || other.keys[other.firstIndex(key)] !== key) return [[key, ours] as const]
      const container = subtractContainer(ours, theirs)
      return container === undefined ? [] : [[key, container] as const]
    })
    return new RowSet(
      left.map(([key]) => key),
      left.map(([, container]) => container),
    )
  }

  /** Whether a row is in both sets. */
  intersects(other: RowSet): boolean {
    for (const [index, key] of other.keys.entries()) {
      const mine = this.firstIndex(key)
      if (this.keys[mine] !== key) continue
      const container = this.containers[mine] as Container
      for (const value of containerValues(other.containers[index] as Container)) {
        if (containerHas(container, value)) return true
      }
    }
    return false
  }

  /** One byte a row for the rows `firstRow` to `firstRow + length`: 1 where the row is in the set, else 0. */
  mask(firstRow: number, length: number): Uint8Array {
    const mask = new Uint8Array(length)
    const endRow = firstRow + length
    for (let index = this.firstIndex(Math.floor(firstRow / CONTAINER_SPAN)); index < this.keys.length; index++) {
      const base = (this.keys[index] as number) * CONTAINER_SPAN
      if (base >= endRow) break
      forEachStretch(this.containers[index] as Container, (start, end) => {
        const from = Math.max(base + start - firstRow, 0)
        const to = Math.min(base + end - firstRow, length)
        if (from < to) mask.fill(1, from, to)
      })
    }
    return mask
  }

  /** The greatest row, undefined for the empty set. */
  get last(): number | undefined {
    const container = this.containers.at(-1)
    const values = container === undefined ? undefined : containerValues(container)
    return values === undefined ? undefined : (this.keys.at(-1) as number) * CONTAINER_SPAN + (values.at(-1) as number)
  }

  /** Index of the first container whose key is not less than `key`. */
  private firstIndex(key: number): number {
    let low = 0
    let high = this.keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.keys[middle] as number) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Gathers rows, in any order, into a {@link RowSet}. Holds 8 KiB at most for each run of 65,536 rows that has any. */
export class RowSetBuilder {
  readonly #gathered = new Map<number, ContainerBuilder>()
  #lastKey = -1
  #last: ContainerBuilder = new ContainerBuilder()

  add(row: number): void {
    // Whole numbers of 32 bits are divided by shifting, which is several times as fast.
    const key = row < 2 ** 32 ? row >>> 16 : Math.floor(row / CONTAINER_SPAN)
    this.#container(key).add(row & (CONTAINER_SPAN - 1))
  }

  /**
   * Adds many rows, faster than one by one.
   * @param longs rows of 64 bits, little-endian: the low half of each, then the high half
   * @param from the position of the first row, `to` that behind the last
   */
  addLongs(longs: Uint32Array, from: number, to: number): void {
    for (let start = from * 2; start < to * 2; ) {
      const low = (longs[start] as number) >>> 16
      const high = longs[start + 1] as number
      let end = start + 2
      while (end < to * 2 && (longs[end] as number) >>> 16 === low && longs[end + 1] === high) end += 2
      this.#container(high * CONTAINER_SPAN + low).addAll(longs, start, end)
      start = end
    }
  }

  #container(key: number): ContainerBuilder {
    if (key !== this.#lastKey) {
      this.#last = this.#gathered.get(key) ?? new ContainerBuilder()
      this.#gathered.set(key, this.#last)
      this.#lastKey = key
    }
    return this.#last
  }

  build(): RowSet {
    const keys = [...this.#gathered.keys()].sort((a, b) => a - b)
    return new RowSet(
      keys,
      keys.map((key) => (this.#gathered.get(key) as ContainerBuilder).build()),
    )
  }
}

function uniteContainers(a: Container, b: Container): Container {
  const words = containerWords(a)
  forEachStretch(b, (start, end) => {
    for (let value = start; value < end; value++) setBit(words, value)
  })
  return containerOfWords(words) as Container
}

function subtractContainer(a: Container, b: Container): Container | undefined {
  const words = containerWords(a)
  forEachStretch(b, (start, end) => {
    for (let value = start; value < end; value++) clearBit(words, value)
  })
  return containerOfWords(words)
}
