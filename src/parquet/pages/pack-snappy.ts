/** Matches are looked for within blocks of so many bytes, so that places in one have 16 bits. */
const BLOCK_BYTES = 1 << 16
/** Of the table of places, at most: 14 bits are two pages of the processor's first cache. */
const MOST_HASH_BITS = 14
const FEWEST_HASH_BITS = 8
/** The bytes at the end of a block are not compared four at a time. */
const MARGIN = 15

/** Where in the block four bytes with a hash stood last. It is used again: nothing is awaited in between. */
const table = new Uint16Array(1 << MOST_HASH_BITS)

/** Bytes as raw Snappy (google/snappy, "format_description"), by the method of its authors: the longer no match is found, the further apart they are looked for. */
export function packSnappy(bytes: Uint8Array): Uint8Array {
  const { byteLength } = bytes
  const packer = new Packer(bytes, new Uint8Array(32 + byteLength + Math.floor(byteLength / 6)))
  packer.length(byteLength)
  for (let start = 0; start < byteLength; start += BLOCK_BYTES) {
    packer.block(start, Math.min(byteLength, start + BLOCK_BYTES))
  }
  return packer.packed()
}

class Packer {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #out: Uint8Array
  #next = 0

  constructor(bytes: Uint8Array, out: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#out = out
  }

  /** A copy: the room that was for more is let go of. */
  packed(): Uint8Array {
    return this.#out.slice(0, this.#next)
  }

  length(value: number): void {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) this.#out[this.#next++] = (rest & 0x7f) | 0x80
    this.#out[this.#next++] = rest
  }

  block(start: number, end: number): void {
    const view = this.#view
    const shift = 32 - hashBits(end - start)
    table.fill(0, 0, 1 << (32 - shift))
    const limit = end - MARGIN
    let done = start
    for (let at = start + 1; at <= limit; at++) {
      let word = view.getInt32(at, true)
      let before = lastPlace(word, shift, start, at)
      for (let misses = 32; view.getInt32(before, true) !== word; misses++) {
        at += misses >>> 5
        if (at > limit) break
        word = view.getInt32(at, true)
        before = lastPlace(word, shift, start, at)
      }
      if (at > limit) break
      this.#literal(done, at)
      do {
        const matched = this.#matchedBytes(before, at, end)
        this.#copy(at - before, matched)
        at += matched
        done = at
        if (at > limit) break
        lastPlace(view.getInt32(at - 1, true), shift, start, at - 1)
        word = view.getInt32(at, true)
        before = lastPlace(word, shift, start, at)
      } while (view.getInt32(before, true) === word)
    }
    if (done < end) this.#literal(done, end)
  }

  /** Four at least. */
  #matchedBytes(before: number, at: number, end: number): number {
    const view = this.#view
    let length = 4
    while (at + length + 4 <= end && view.getInt32(at + length, true) === view.getInt32(before + length, true)) {
      length += 4
    }
    while (at + length < end && this.#bytes[at + length] === this.#bytes[before + length]) length++
    return length
  }

  /** At least one byte. */
  #literal(start: number, end: number): void {
    const out = this.#out
    const last = end - start - 1
    if (last < 60) out[this.#next++] = last << 2
    else {
      out[this.#next++] = (last < 0x100 ? 60 : 61) << 2
      out[this.#next++] = last
      if (last >= 0x100) out[this.#next++] = last >>> 8
    }
    // A call costs more than few bytes.
    if (last < 32) for (let i = start; i < end; i++) out[this.#next++] = this.#bytes[i] as number
    else {
      out.set(this.#bytes.subarray(start, end), this.#next)
      this.#next += end - start
    }
  }

  #copy(distance: number, length: number): void {
    let rest = length
    // What is left for the last copy has four bytes at least.
    for (; rest >= 68; rest -= 64) this.#longCopy(distance, 64)
    if (rest > 64) {
      this.#longCopy(distance, 60)
      rest -= 60
    }
    if (rest < 12 && distance < 2048) {
      this.#out[this.#next++] = 1 | ((rest - 4) << 2) | ((distance >>> 8) << 5)
      this.#out[this.#next++] = distance
    } else this.#longCopy(distance, rest)
  }

  #longCopy(distance: number, length: number): void {
    this.#out[this.#next++] = 2 | ((length - 1) << 2)
    this.#out[this.#next++] = distance
    this.#out[this.#next++] = distance >>> 8
  }
}

/** Where a word like this may have stood last, and notes that it stands here. */
function lastPlace(word: number, shift: number, start: number, at: number): number {
  const hash = Math.imul(word, 0x1e35a7bd) >>> shift
  const before = start + (table[hash] as number)
  table[hash] = at - start
  return before
}

/** Few bytes need few places, which are cleared each time. */
function hashBits(bytes: number): number {
  return Math.min(MOST_HASH_BITS, Math.max(FEWEST_HASH_BITS, 32 - Math.clz32(bytes - 1)))
}
