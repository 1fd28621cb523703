/** Counts distinct numbers of 64 bits, of which many have the same upper half and the lower ones are dense: one bit each. */
export class DistinctLongs {
  count = 0
  readonly #bits = new Map<number, Uint32Array>()
  #lastHigh = -1
  #last: Uint32Array = new Uint32Array(0)

  add(low: number, high: number): void {
    if (high !== this.#lastHigh) {
      this.#last = this.#bits.get(high) ?? new Uint32Array(1 << 10)
      this.#bits.set(high, this.#last)
      this.#lastHigh = high
    }
    const word = low >>> 5
    if (word >= this.#last.length) this.#grow(word + 1)
    const before = this.#last[word] as number
    const after = before | (1 << (low & 31))
    if (after === (before | 0)) return
    this.#last[word] = after
    this.count++
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, this.#last.length * 2))
    grown.set(this.#last)
    this.#last = grown
    this.#bits.set(this.#lastHigh, grown)
  }
}
