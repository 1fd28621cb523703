import { setBits } from './bits'
import { advanceAtMost, beginAt, byte, cursor, isBroken, limit, varint } from './reader'

/** Levels of 0 and 1 into bits, which are 0, from one on. Answers how many are 1, -1 where they are damaged. */
export function readLevels(from: usize, end: usize, bits: usize, row: u32, count: u32): i32 {
  beginAt(from, end)
  let seen: u32 = 0
  let present: u32 = 0
  while (seen < count) {
    const header = varint()
    if (isBroken) return -1
    if ((header & 1) == 0) {
      const run = <u32>min(header >> 1, <u64>(count - seen))
      const level = byte()
      if (isBroken || run == 0 || level > 1) return -1
      if (level == 1) {
        setBits(bits, row + seen, run)
        present += run
      }
      seen += run
    } else {
      const groups = header >> 1
      const run = <u32>min(groups << 3, <u64>(count - seen))
      const bytes = (<usize>run + 7) >> 3
      if (run == 0 || bytes > limit - cursor) return -1
      for (let i: u32 = 0; i < run; i++) {
        const bit = (<u32>load<u8>(cursor + (i >> 3)) >> (i & 7)) & 1
        const place = row + seen + i
        const at = bits + (place >> 3)
        store<u8>(at, <u32>load<u8>(at) | (bit << (place & 7)))
        present += bit
      }
      seen += run
      // The last group may lack what it does not need.
      advanceAtMost(groups)
    }
  }
  return <i32>present
}

/** Numbers of some bits, all below a limit (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"). */
export function readHybrid(from: usize, end: usize, bits: u32, out: usize, count: u32, below: u32): bool {
  beginAt(from, end)
  let seen: u32 = 0
  let greatest: u32 = 0
  const mask = (<u64>1 << <u64>bits) - 1
  while (seen < count) {
    const header = varint()
    if (isBroken) return false
    if ((header & 1) == 0) {
      const run = <u32>min(header >> 1, <u64>(count - seen))
      if (run == 0) return false
      let value: u32 = 0
      for (let shift: u32 = 0; shift < bits; shift += 8) value |= byte() << shift
      if (isBroken) return false
      greatest = max(greatest, value)
      const stop = seen + run
      for (; seen < stop; seen++) store<u32>(out + (<usize>seen << 2), value)
    } else {
      const groups = header >> 1
      const run = <u32>min(groups << 3, <u64>(count - seen))
      if (run == 0 || (<u64>run * <u64>bits + 7) >> 3 > <u64>(limit - cursor)) return false
      const stop = seen + run
      let place: usize = 0
      for (; seen < stop; seen++) {
        const value = <u32>((load<u64>(cursor + (place >> 3)) >> <u64>(place & 7)) & mask)
        store<u32>(out + (<usize>seen << 2), value)
        greatest = max(greatest, value)
        place += <usize>bits
      }
      // The last group may lack what it does not need.
      advanceAtMost(groups * <u64>bits)
    }
  }
  return greatest < below
}
