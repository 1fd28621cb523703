import { normalPath } from '../log/replay/file-key.js'
import { type TextColumn, textAt } from '../log/replay/text-column.js'

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
const LETTER_F = 0x66
const encoder = new TextEncoder()

/** Finds paths in a column: an open-addressing table of positions, 4 to 8 bytes a path, built in one pass over the bytes. */
export class PathIndex {
  readonly #paths: TextColumn
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(paths: TextColumn) {
    const count = paths.offsets.length - 1
    let size = 16
    while (size < count * 1.5) size *= 2
    this.#paths = paths
    this.#slots = new Int32Array(size).fill(-1)
    this.#mask = size - 1
    for (let i = 0; i < count; i++) {
      // Rows of a checkpoint that are no files have no path.
      if (paths.offsets[i] === paths.offsets[i + 1]) continue
      let slot = this.#hashAt(i) & this.#mask
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask
      this.#slots[slot] = i
    }
  }

  /** The position of a normal path, -1 where it is not. */
  find(path: string): number {
    const bytes = encoder.encode(path)
    let slot = hash(bytes, 0, bytes.length) & this.#mask
    for (;;) {
      const position = this.#slots[slot] as number
      if (position === -1) return -1
      if (normalPath(textAt(this.#paths, position)) === path) return position
      slot = (slot + 1) & this.#mask
    }
  }

  #hashAt(i: number): number {
    const { data, offsets } = this.#paths
    const [start, end] = [offsets[i] as number, offsets[i + 1] as number]
    // Only what begins like "file:" can differ from its normal path.
    if (data[start] !== LETTER_F) return hash(data, start, end)
    const bytes = encoder.encode(normalPath(textAt(this.#paths, i)))
    return hash(bytes, 0, bytes.length)
  }
}

/** FNV-1a over bytes, finished so that its low bits are well mixed. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = FNV_OFFSET
  for (let i = start; i < end; i++) value = Math.imul(value ^ (bytes[i] as number), FNV_PRIME)
  return (value ^ (value >>> 15)) >>> 0
}
