import { varintOf } from './encode-hybrid.js'
import { type HybridCursor, readVarint } from './read-hybrid.js'

/**
 * Numbers in the hybrid of runs and bit packing, without those that only fill up the last group of eight: so that the numbers of another page may follow. What does not fill a group becomes
 * runs of one.
 *
 * @param width bits of a number, 1 to 24
 * @param count how many numbers there are
 * @returns pieces, to be put behind each other
 * @throws Error where there are fewer
 */
export function exactHybrid(bytes: Uint8Array, width: number, count: number): Uint8Array[] {
  const cursor: HybridCursor = { bytes, at: 0 }
  for (let left = count; left > 0; ) {
    const start = cursor.at
    const header = readVarint(cursor)
    const isPacked = (header & 1) === 1
    const length = isPacked ? (header >>> 1) * 8 : header >>> 1
    const body = bytes.subarray(cursor.at, cursor.at + (isPacked ? (header >>> 1) * width : (width + 7) >> 3))
    if (length === 0) throw new Error('an empty run of numbers')
    if (length > left) {
      const end = isPacked ? firstPacked(body, width, left) : [varintOf(left << 1), body]
      return [bytes.subarray(0, start), ...end]
    }
    cursor.at += body.byteLength
    left -= length
    if (cursor.at === bytes.byteLength && left > 0) throw new Error('a page ends before its numbers do')
  }
  return [bytes.subarray(0, cursor.at)]
}

/** The first numbers of a packed run. */
function firstPacked(body: Uint8Array, width: number, count: number): Uint8Array[] {
  const groups = count >>> 3
  if (Math.ceil((count * width) / 8) > body.byteLength) throw new Error('a page ends before its numbers do')
  const pieces = groups === 0 ? [] : [varintOf((groups << 1) | 1), body.subarray(0, groups * width)]
  for (let i = groups * 8; i < count; i++) {
    const single = new Uint8Array(1 + ((width + 7) >> 3))
    single[0] = 1 << 1
    for (let bit = 0; bit < width; bit++) {
      const at = i * width + bit
      const isSet = ((body[at >> 3] as number) >>> (at & 7)) & 1
      single[1 + (bit >> 3)] = (single[1 + (bit >> 3)] as number) | (isSet << (bit & 7))
    }
    pieces.push(single)
  }
  return pieces
}
