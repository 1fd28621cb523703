/** Counts distinct numbers of 64 bits, of which many have the same upper half and the lower ones are dense: one bit each. */
export class DistinctLongs {
  count = 0
  readonly #bits = new Map<number, Uint32Array>()

  /**
   * Adds those that are not negative, without a call for each.
   * @param longs the low half of each number, then the high half
   */
  addNatural(longs: Uint32Array): void {
    for (let start = 0; start < longs.length; ) {
      const high = longs[start + 1] as number
      let greatest = longs[start] as number
      let end = start + 2
      for (; end < longs.length && longs[end + 1] === high; end += 2) {
        const low = longs[end] as number
        if (low > greatest) greatest = low
      }
      if (high < FIRST_NEGATIVE) {
        const bits = this.#bitsOf(high, (greatest >>> 5) + 1)
        let fresh = 0
        for (let i = start; i < end; i += 2) {
          const low = longs[i] as number
          const before = bits[low >>> 5] as number
          const bit = 1 << (low & 31)
          if ((before & bit) !== 0) continue
          bits[low >>> 5] = before | bit
          fresh++
        }
        this.count += fresh
      }
      start = end
    }
  }

  /** The bits of the numbers with an upper half, of so many words at least. */
  #bitsOf(high: number, words: number): Uint32Array {
    const bits = this.#bits.get(high) ?? new Uint32Array(1 << 10)
    const grown = bits.length >= words ? bits : new Uint32Array(Math.max(words, bits.length * 2))
    if (grown !== bits) grown.set(bits)
    this.#bits.set(high, grown)
    return grown
  }
}

/** The upper half of the least number that is negative. */
const FIRST_NEGATIVE = 2 ** 31
