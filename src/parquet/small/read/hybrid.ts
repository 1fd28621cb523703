/**
 * Numbers in the hybrid of runs and bit packing (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"): as many as `out` holds.
 *
 * @param width bits of a number, 0 to 32
 * @param limit numbers must be less
 * @throws Error where the bytes end before, or a number is too large
 */
export function readHybrid(bytes: Uint8Array, width: number, out: Int32Array | Uint8Array, limit: number): void {
  if (width > 32) throw new Error(`numbers of ${width} bits`)
  const cursor: Cursor = { bytes, at: 0 }
  for (let seen = 0; seen < out.length; ) {
    const header = readVarint(cursor)
    const isPacked = (header & 1) === 1
    const count = Math.min(isPacked ? (header >>> 1) * 8 : header >>> 1, out.length - seen)
    if (count === 0) throw new Error('an empty run of numbers')
    if (isPacked) readPacked(cursor, width, out, seen, count)
    else out.fill(readRun(cursor, width), seen, seen + count)
    seen += count
    if (isPacked) cursor.at += (header >>> 1) * width
  }
  for (const value of out) if (value < 0 || value >= limit) throw new Error(`a number is ${value}, not below ${limit}`)
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

function readVarint(cursor: Cursor): number {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = byteAt(cursor, cursor.at++)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value >>> 0
  }
  throw new Error('a number has too many bytes')
}

function readRun(cursor: Cursor, width: number): number {
  let value = 0
  for (let bit = 0; bit < width; bit += 8) value |= byteAt(cursor, cursor.at++) << bit
  return value
}

/** The cursor stays. Bits after the last number may be missing at the end of a page. */
function readPacked(cursor: Cursor, width: number, out: Int32Array | Uint8Array, from: number, count: number): void {
  const mask = width === 32 ? -1 : (1 << width) - 1
  for (let i = 0, bit = cursor.at * 8; i < count; i++, bit += width) {
    let value = 0
    for (let have = 0; have < width; ) {
      const at = bit + have
      const shift = at & 7
      value |= (byteAt(cursor, at >> 3) >> shift) << have
      have += 8 - shift
    }
    out[from + i] = value & mask
  }
}

function byteAt({ bytes }: Cursor, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new Error('a page ends before its numbers do')
  return byte
}
