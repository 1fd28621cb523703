/**
 * Numbers in the hybrid of runs and bit packing (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"): as many as `out` holds.
 *
 * @param width bits of a number, 0 to 32
 * @param limit numbers must be less
 * @throws Error where the bytes end before, or a number is too large
 */
export function readHybrid(bytes: Uint8Array, width: number, out: Int32Array | Uint8Array, limit: number): void {
  if (width > 32) throw new Error(`numbers of ${width} bits`)
  const cursor: HybridCursor = { bytes, at: 0 }
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
  for (let i = 0; i < out.length; i++) {
    const value = out[i] as number
    if (value < 0 || value >= limit) throw new Error(`a number is ${value}, not below ${limit}`)
  }
}

/** Where a reader of the hybrid is. */
export interface HybridCursor {
  readonly bytes: Uint8Array
  at: number
}

/** @throws Error where it does not end */
export function readVarint(cursor: HybridCursor): number {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = byteAt(cursor, cursor.at++)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value >>> 0
  }
  throw new Error('a number has too many bytes')
}

function readRun(cursor: HybridCursor, width: number): number {
  let value = 0
  for (let bit = 0; bit < width; bit += 8) value |= byteAt(cursor, cursor.at++) << bit
  return value
}

/** Wider numbers do not fit in 32 bits beside a byte. */
const MOST_BITS_AT_ONCE = 24

/** The cursor stays. Bits after the last number may be missing at the end of a page. */
function readPacked(
  cursor: HybridCursor,
  width: number,
  out: Int32Array | Uint8Array,
  from: number,
  count: number,
): void {
  if (width > MOST_BITS_AT_ONCE) {
    readWide(cursor, width, out, from, count)
    return
  }
  const { bytes } = cursor
  let { at } = cursor
  if (at + Math.ceil((count * width) / 8) > bytes.byteLength) throw endsEarly()
  const mask = (1 << width) - 1
  let [bits, have] = [0, 0]
  for (let i = from; i < from + count; i++) {
    for (; have < width; have += 8) bits |= (bytes[at++] as number) << have
    out[i] = bits & mask
    bits >>>= width
    have -= width
  }
}

function readWide(
  cursor: HybridCursor,
  width: number,
  out: Int32Array | Uint8Array,
  from: number,
  count: number,
): void {
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

function byteAt({ bytes }: HybridCursor, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw endsEarly()
  return byte
}

function endsEarly(): Error {
  return new Error('a page ends before its numbers do')
}
