import { type HybridCursor, readVarint } from './read-hybrid.js'

/** Numbers that are looked up at once take so many bits at most. */
const LOOKUP_BITS = 8
/** Wider numbers do not fit in 32 bits beside a byte. */
const MOST_BITS = 24

/**
 * Puts other numbers in the place of those in a hybrid of runs and bit packing (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"), whose form stays.
 *
 * @param width bits of a number, before and after
 * @param by the number in the place of each
 * @returns undefined where a number has none, be it one after the last that counts; or the width is not for that
 * @throws Error where the bytes end before
 */
export function renumberHybrid(bytes: Uint8Array, width: number, by: Int32Array): Uint8Array | undefined {
  if (width < 1 || width > MOST_BITS) return undefined
  const lookup = lookupOf(width, by)
  const out = bytes.slice()
  const cursor: HybridCursor = { bytes, at: 0 }
  while (cursor.at < bytes.byteLength) {
    const header = readVarint(cursor)
    const { at } = cursor
    const isPacked = (header & 1) === 1
    const length = isPacked ? Math.min((header >>> 1) * width, bytes.byteLength - at) : (width + 7) >> 3
    const isSound = isPacked ? renumberPacked(out, at, at + length, lookup) : renumberRun(out, at, length, by)
    if (!isSound) return undefined
    cursor.at += length
  }
  return out
}

function renumberRun(out: Uint8Array, at: number, length: number, by: Int32Array): boolean {
  let number = 0
  for (let i = 0; i < length; i++) number |= (out[at + i] ?? 0) << (8 * i)
  const other = by[number]
  if (other === undefined) return false
  for (let i = 0; i < length; i++) out[at + i] = other >>> (8 * i)
  return true
}

/** What some neighbouring numbers become, by the bits that they are; -1 for bits that are no numbers. */
interface Lookup {
  readonly bits: number
  readonly table: Int32Array
}

function lookupOf(width: number, by: Int32Array): Lookup {
  const bits = width * Math.max(1, Math.floor(LOOKUP_BITS / width))
  // A wide number has a table of its own.
  if (bits > LOOKUP_BITS) return { bits, table: by }
  const table = new Int32Array(1 << bits)
  const mask = (1 << width) - 1
  for (let i = 0; i < table.length; i++) {
    let other = 0
    for (let bit = 0; bit < bits; bit += width) other |= (by[(i >>> bit) & mask] ?? -1) << bit
    table[i] = other
  }
  return { bits, table }
}

function renumberPacked(out: Uint8Array, start: number, end: number, { bits, table }: Lookup): boolean {
  if (bits === 8) return renumberBytes(out, start, end, table)
  if (bits !== 6) return renumberBits(out, start, end, bits, table)
  const whole = end - ((end - start) % 3)
  return renumberSixes(out, start, whole, table) && renumberBits(out, whole, end, bits, table)
}

function renumberBytes(out: Uint8Array, start: number, end: number, table: Int32Array): boolean {
  let all = 0
  for (let at = start; at < end; at++) {
    const other = table[out[at] as number] as number
    all |= other
    out[at] = other
  }
  return all >= 0
}

/** Four at a time, in three bytes. */
function renumberSixes(out: Uint8Array, start: number, end: number, table: Int32Array): boolean {
  let all = 0
  for (let at = start; at < end; at += 3) {
    const bits = (out[at] as number) | ((out[at + 1] as number) << 8) | ((out[at + 2] as number) << 16)
    const [a, b] = [table[bits & 63] as number, table[(bits >>> 6) & 63] as number]
    const [c, d] = [table[(bits >>> 12) & 63] as number, table[bits >>> 18] as number]
    all |= a | b | c | d
    out[at] = a | (b << 6)
    out[at + 1] = (b >>> 2) | (c << 4)
    out[at + 2] = (c >>> 4) | (d << 2)
  }
  return all >= 0
}

/** Bits behind the last number that is looked up are as if zeros followed. */
function renumberBits(out: Uint8Array, start: number, end: number, bits: number, table: Int32Array): boolean {
  const mask = (1 << bits) - 1
  let to = start
  let [read, have, written, waiting] = [0, 0, 0, 0]
  for (let at = start; at < end || have > 0; ) {
    for (; have < bits && at < end; have += 8) read |= (out[at++] as number) << have
    const other = table[read & mask] ?? -1
    if (other < 0) return false
    read >>>= bits
    have -= bits
    written |= other << waiting
    for (waiting += bits; waiting >= 8 && to < end; waiting -= 8) {
      out[to++] = written
      written >>>= 8
    }
  }
  if (to < end) out[to] = written
  return true
}
