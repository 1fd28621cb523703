import { DIGEST_WORDS } from './row-digests.js'

/** Numbers digests in the order in which they come: 0, 1, 2, ... for those that differ. Takes 24 to 48 bytes a digest. */
export class DigestIndex {
  #size = 0
  #digests: Int32Array = new Int32Array(1024 * DIGEST_WORDS)
  /** Open addressing, at most half full: number + 1, or 0 where there is none. */
  #slots: Int32Array = new Int32Array(2048)

  /** How many differ. */
  get size(): number {
    return this.#size
  }

  /** The number of a row's digest, a new one if it was not there before. */
  add(digests: Int32Array, row: number): number {
    const slot = this.#slotOf(digests, row)
    const known = this.#slots[slot] as number
    if (known > 0) return known - 1
    const number = this.#size++
    if (number * DIGEST_WORDS === this.#digests.length) this.#digests = grown(this.#digests)
    this.#digests.set(digests.subarray(row * DIGEST_WORDS, (row + 1) * DIGEST_WORDS), number * DIGEST_WORDS)
    this.#slots[slot] = number + 1
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return number
  }

  /** The number of a row's digest; -1 where it was never added. */
  find(digests: Int32Array, row: number): number {
    return (this.#slots[this.#slotOf(digests, row)] as number) - 1
  }

  /** Where the digest stands, or would. */
  #slotOf(digests: Int32Array, row: number): number {
    const mask = this.#slots.length - 1
    const at = row * DIGEST_WORDS
    for (let slot = (digests[at] as number) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] as number
      if (number === 0 || this.#equals((number - 1) * DIGEST_WORDS, digests, at)) return slot
    }
  }

  #equals(mine: number, digests: Int32Array, at: number): boolean {
    for (let i = 0; i < DIGEST_WORDS; i++) if (this.#digests[mine + i] !== digests[at + i]) return false
    return true
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let number = 0; number < this.#size; number++) {
      this.#slots[this.#slotOf(this.#digests, number)] = number + 1
    }
  }
}

function grown(array: Int32Array): Int32Array {
  const twice = new Int32Array(array.length * 2)
  twice.set(array)
  return twice
}
