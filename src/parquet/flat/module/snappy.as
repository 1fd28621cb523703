import { beginAt, cursor, isBroken, varint } from './reader'

/** Raw Snappy (google/snappy, "format_description"). Writes up to 64 bytes behind the end. */
export function unpackSnappy(from: usize, end: usize, out: usize, outBytes: usize): bool {
  beginAt(from, end)
  if (varint() != <u64>outBytes || isBroken) return false
  let at = cursor
  let next = out
  const outEnd = out + outBytes
  while (at < end) {
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
