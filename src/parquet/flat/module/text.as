/** Whether each value is well-formed UTF-8. */
export function areTexts(values: usize, offsets: usize, rows: u32): bool {
  const end = values + <usize>load<u32>(offsets + (<usize>rows << 2))
  let seen = i8x16.splat(0)
  let at = values
  for (; at + 16 <= end; at += 16) seen = v128.or(seen, v128.load(at))
  let high: u32 = i8x16.bitmask(seen)
  for (; at < end; at++) high |= <u32>load<u8>(at) & 0x80
  if (high == 0) return true
  for (let i: usize = 0; i < <usize>rows; i++) {
    const start = <usize>load<u32>(offsets + (i << 2))
    if (!isText(values + start, values + <usize>load<u32>(offsets + (i << 2), 4))) return false
  }
  return true
}

/** The Unicode Standard, table 3-7. */
function isText(from: usize, end: usize): bool {
  let at = from
  while (at < end) {
    const first = <u32>load<u8>(at)
    if (first < 0x80) {
      at++
      continue
    }
    const size: usize = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    if (first < 0xc2 || first > 0xf4 || size > end - at) return false
    const second = <u32>load<u8>(at + 1)
    const least: u32 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80
    const most: u32 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf
    if (second < least || second > most) return false
    for (let i: usize = 2; i < size; i++) if ((<u32>load<u8>(at + i) & 0xc0) != 0x80) return false
    at += size
  }
  return true
}
