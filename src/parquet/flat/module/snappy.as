import { beginAt, cursor, isBroken, varint } from './reader'

/** Of each tag of a copy with one or two bytes of distance: the length, and in bits 8 to 10 what the tag says of the distance. */
const COPIES: usize = memory.data<u16>([
  0, 4, 1, 0, 0, 5, 2, 0, 0, 6, 3, 0, 0, 7, 4, 0, 0, 8, 5, 0, 0, 9, 6, 0, 0, 10, 7, 0, 0, 11, 8, 0, 0, 260, 9, 0, 0,
  261, 10, 0, 0, 262, 11, 0, 0, 263, 12, 0, 0, 264, 13, 0, 0, 265, 14, 0, 0, 266, 15, 0, 0, 267, 16, 0, 0, 516, 17,
  0, 0, 517, 18, 0, 0, 518, 19, 0, 0, 519, 20, 0, 0, 520, 21, 0, 0, 521, 22, 0, 0, 522, 23, 0, 0, 523, 24, 0, 0, 772,
  25, 0, 0, 773, 26, 0, 0, 774, 27, 0, 0, 775, 28, 0, 0, 776, 29, 0, 0, 777, 30, 0, 0, 778, 31, 0, 0, 779, 32, 0, 0,
  1028, 33, 0, 0, 1029, 34, 0, 0, 1030, 35, 0, 0, 1031, 36, 0, 0, 1032, 37, 0, 0, 1033, 38, 0, 0, 1034, 39, 0, 0,
  1035, 40, 0, 0, 1284, 41, 0, 0, 1285, 42, 0, 0, 1286, 43, 0, 0, 1287, 44, 0, 0, 1288, 45, 0, 0, 1289, 46, 0, 0,
  1290, 47, 0, 0, 1291, 48, 0, 0, 1540, 49, 0, 0, 1541, 50, 0, 0, 1542, 51, 0, 0, 1543, 52, 0, 0, 1544, 53, 0, 0,
  1545, 54, 0, 0, 1546, 55, 0, 0, 1547, 56, 0, 0, 1796, 57, 0, 0, 1797, 58, 0, 0, 1798, 59, 0, 0, 1799, 60, 0, 0,
  1800, 61, 0, 0, 1801, 62, 0, 0, 1802, 63, 0, 0, 1803, 64, 0,
])
/** As long as so many bytes are left to read and to write, no tag can reach the end. */
const MARGIN: usize = 80

/** Raw Snappy (google/snappy, "format_description"). Writes up to 64 bytes behind the end. */
export function unpackSnappy(from: usize, end: usize, out: usize, outBytes: usize): bool {
  beginAt(from, end)
  if (varint() != <u64>outBytes || isBroken) return false
  let at = cursor
  let next = out
  const outEnd = out + outBytes
  const lastAt = end > from + MARGIN ? end - MARGIN : from
  const lastNext = outBytes > MARGIN ? outEnd - MARGIN : out
  while (at < end) {
    // Nearly all tags: literals of up to 16 bytes, and copies of what stands 16 bytes before or further.
    while (at < lastAt && next < lastNext) {
      let tag = <usize>load<u8>(at)
      if ((tag & 3) == 0) {
        const length = (tag >> 2) + 1
        if (length > 16) break
        v128.store(next, v128.load(at, 1))
        at += length + 1
        next += length
        tag = <usize>load<u8>(at)
        if ((tag & 3) == 0) continue
      }
      const kind = tag & 3
      if (kind == 3) break
      // One byte of distance or two: no processor foresees which, so it is worked out and not branched on.
      const copy = <usize>load<u16>(COPIES + (tag << 1))
      const length = copy & 0xff
      const distance = (copy & 0x700) | (<usize>load<u16>(at, 1) & (<usize>0xffff >> ((tag & 1) << 3)))
      if (distance < 16 || distance > next - out) break
      const source = next - distance
      v128.store(next, v128.load(source))
      if (length > 16) copy64(source, next)
      next += length
      at += kind + 1
    }
    const tag = <usize>load<u8>(at++)
    let length = (tag >> 2) + 1
    if ((tag & 3) == 0) {
      if (length > 60) {
        const bytes = length - 60
        if (bytes > end - at) return false
        length = 0
        for (let i: usize = 0; i < bytes; i++) length |= <usize>load<u8>(at + i) << (i << 3)
        at += bytes
        length++
        if (length == 0) return false
      }
      if (length > end - at || length > outEnd - next) return false
      if (length <= 16) v128.store(next, v128.load(at))
      else if (length <= 64) copy64(at, next)
      else memory.copy(next, at, length)
      at += length
      next += length
      continue
    }
    let distance: usize = 0
    if ((tag & 3) == 1) {
      if (at >= end) return false
      length = ((tag >> 2) & 7) + 4
      distance = ((tag >> 5) << 8) | <usize>load<u8>(at)
      at += 1
    } else if ((tag & 3) == 2) {
      if (end - at < 2) return false
      distance = <usize>load<u16>(at)
      at += 2
    } else {
      if (end - at < 4) return false
      distance = <usize>load<u32>(at)
      at += 4
    }
    if (distance == 0 || distance > next - out || length > outEnd - next) return false
    const source = next - distance
    if (distance >= 16) {
      v128.store(next, v128.load(source))
      if (length > 16) {
        v128.store(next, v128.load(source, 16), 16)
        if (length > 32) {
          v128.store(next, v128.load(source, 32), 32)
          v128.store(next, v128.load(source, 48), 48)
        }
      }
    } else if (distance >= 8) {
      for (let i: usize = 0; i < length; i += 8) store<u64>(next + i, load<u64>(source + i))
    } else {
      for (let i: usize = 0; i < length; i++) store<u8>(next + i, load<u8>(source + i))
    }
    next += length
  }
  return next == outEnd
}

function copy64(from: usize, to: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
  v128.store(to, v128.load(from, 32), 32)
  v128.store(to, v128.load(from, 48), 48)
}
