// Bits as Arrow has them: the first is the lowest of the first byte.

export function setBits(bits: usize, from: u32, count: u32): void {
  let at = from
  const end = from + count
  for (; at < end && (at & 7) != 0; at++) setBit(bits, at)
  const bytes = (end - at) >> 3
  memory.fill(bits + (at >> 3), 0xff, bytes)
  at += bytes << 3
  for (; at < end; at++) setBit(bits, at)
}

export function setBit(bits: usize, at: u32): void {
  const place = bits + (at >> 3)
  store<u8>(place, <u32>load<u8>(place) | (1 << (at & 7)))
}

export function hasBit(bits: usize, at: u32): bool {
  return ((<u32>load<u8>(bits + (at >> 3)) >> (at & 7)) & 1) == 1
}

/** Towards the beginning. */
export function moveBits(bits: usize, from: u32, to: u32, count: u32): void {
  if (from == to) return
  for (let i: u32 = 0; i < count; i++) {
    const place = bits + ((to + i) >> 3)
    const bit: u32 = 1 << ((to + i) & 7)
    store<u8>(place, hasBit(bits, from + i) ? <u32>load<u8>(place) | bit : <u32>load<u8>(place) & ~bit)
  }
}

/** The rest of the byte that a bit would be in. */
export function clearBits(bits: usize, from: u32): void {
  if ((from & 7) == 0) return
  const place = bits + (from >> 3)
  store<u8>(place, <u32>load<u8>(place) & ((1 << (from & 7)) - 1))
}
