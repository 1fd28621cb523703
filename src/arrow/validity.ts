import type { Column } from './column.js'

/** Bytes of a bitmap of `length` bits, padded as Arrow wants it. */
export function bitmapBytes(length: number): number {
  return ((length + 63) >> 6) << 3
}

/** A bitmap with the first `length` bits set. */
export function allValid(length: number): Uint8Array {
  const bits = new Uint8Array(bitmapBytes(length))
  bits.fill(0xff, 0, length >> 3)
  if (length & 7) bits[length >> 3] = (1 << (length & 7)) - 1
  return bits
}

export function setBit(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
}

export function clearBit(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] as number) & ~(1 << (index & 7))
}

export function hasBit(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] as number) & (1 << (index & 7))) !== 0
}

/** The validity bits of a column and where they begin, undefined where every row has a value. */
export function validityOf(column: Column): { readonly bits: Uint8Array; readonly offset: number } | undefined {
  const bits = column.nullBitmap as Uint8Array | undefined
  if (bits === undefined || bits.byteLength === 0 || column.nullCount === 0) return undefined
  return { bits, offset: column.offset }
}

/** Tells the rows of a column that are not null. */
export function validityTest(column: Column): (row: number) => boolean {
  if (column.typeId === 1) return () => false
  const validity = validityOf(column)
  if (validity === undefined) return () => true
  const { bits, offset } = validity
  return (row) => ((bits[(offset + row) >> 3] as number) & (1 << ((offset + row) & 7))) !== 0
}

/** Copies `count` bits; the target's bits must be 0 before. */
export function copyBits(from: Uint8Array, fromBit: number, to: Uint8Array, toBit: number, count: number): void {
  let done = 0
  if ((fromBit & 7) === (toBit & 7)) {
    while (done < count && ((toBit + done) & 7) !== 0) copyBit(from, fromBit + done, to, toBit + done++)
    const bytes = (count - done) >> 3
    const start = (fromBit + done) >> 3
    to.set(from.subarray(start, start + bytes), (toBit + done) >> 3)
    done += bytes * 8
  }
  for (; done < count; done++) copyBit(from, fromBit + done, to, toBit + done)
}

function copyBit(from: Uint8Array, fromBit: number, to: Uint8Array, toBit: number): void {
  if (hasBit(from, fromBit)) setBit(to, toBit)
}

/** The validity of a column as a bitmap that begins at its first row, undefined where every row has a value. */
export function ownValidity(column: Column): Uint8Array | undefined {
  const validity = validityOf(column)
  if (validity === undefined) return undefined
  const bits = new Uint8Array(bitmapBytes(column.length))
  copyBits(validity.bits, validity.offset, bits, 0, column.length)
  return bits
}
