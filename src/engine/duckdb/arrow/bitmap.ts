/** A growing validity bitmap as Arrow lays it out: bit i of byte i / 8, set where the value is not null. */
export class Bitmap {
  private bits = new Uint8Array(256)
  private length = 0
  private nullCount = 0

  /** Appends `count` bits of `source` from bit `start`; all set where there is no source. */
  append(source: Uint8Array | undefined, start: number, count: number): void {
    this.reserve(count)
    if (((start | this.length) & 7) === 0) this.appendBytes(source, start >> 3, count)
    else for (let i = 0; i < count; i++) this.push(this.length + i, source === undefined || bitOf(source, start + i))
    this.length += count
  }

  finish(): { nullCount: number; nullBitmap?: Uint8Array } {
    const { nullCount } = this
    const nullBitmap = this.bits
    this.bits = new Uint8Array(256)
    this.length = 0
    this.nullCount = 0
    return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap }
  }

  private appendBytes(source: Uint8Array | undefined, startByte: number, count: number): void {
    const at = this.length >> 3
    const bytes = Math.ceil(count / 8)
    if (source === undefined) {
      this.bits.fill(0xff, at, at + bytes)
    } else {
      this.bits.set(source.subarray(startByte, startByte + bytes), at)
    }
    // Bits past the end are written again by the next append.
    if (count & 7) this.bits[at + bytes - 1] = (this.bits[at + bytes - 1] as number) & ((1 << (count & 7)) - 1)
    if (source !== undefined)
      for (let i = at; i < at + bytes; i++) this.nullCount -= ONES[this.bits[i] as number] as number
    if (source !== undefined) this.nullCount += count
  }

  private push(at: number, valid: boolean): void {
    if (valid) this.bits[at >> 3] = (this.bits[at >> 3] as number) | (1 << (at & 7))
    else this.nullCount++
  }

  private reserve(count: number): void {
    const needed = Math.ceil((this.length + count) / 8)
    if (needed <= this.bits.length) return
    const grown = new Uint8Array(Math.max(needed, this.bits.length * 2))
    grown.set(this.bits)
    this.bits = grown
  }
}

const ONES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1
  return ones
})

function bitOf(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] as number) & (1 << (index & 7))) !== 0
}
