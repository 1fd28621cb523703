import { CONTAINER_SPAN, type Container, containerOfWords, emptyWords, setBit } from './container.js'
import { RowSet } from './row-set.js'

/** Gathers rows, in any order, into a {@link RowSet}. Holds 8 KiB for each run of 65,536 rows that has any. */
export class RowSetBuilder {
  readonly #bitmaps = new Map<number, Uint32Array>()
  #lastKey = -1
  #words: Uint32Array = emptyWords()

  add(row: number): void {
    const key = Math.floor(row / CONTAINER_SPAN)
    if (key !== this.#lastKey) {
      this.#words = this.#bitmaps.get(key) ?? emptyWords()
      this.#bitmaps.set(key, this.#words)
      this.#lastKey = key
    }
    setBit(this.#words, row % CONTAINER_SPAN)
  }

  build(): RowSet {
    const keys = [...this.#bitmaps.keys()].sort((a, b) => a - b)
    return new RowSet(
      keys,
      keys.map((key) => containerOfWords(this.#bitmaps.get(key) as Uint32Array) as Container),
    )
  }
}
