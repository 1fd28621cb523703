// Numbers as Thrift's compact protocol, Parquet's hybrid and Snappy have them, one after the other.

export let cursor: usize = 0
export let limit: usize = 0
/** Whether more was read than there was. */
export let isBroken: bool = false

export function beginAt(at: usize, end: usize): void {
  cursor = at
  limit = end
  isBroken = false
}

/** Forward, not beyond the end. */
export function advance(bytes: u64): void {
  if (bytes > <u64>(limit - cursor)) isBroken = true
  else cursor += <usize>bytes
}

/** Forward, to the end where there is less. */
export function advanceAtMost(bytes: u64): void {
  cursor = bytes > <u64>(limit - cursor) ? limit : cursor + <usize>bytes
}

export function stop(): void {
  isBroken = true
}

export function byte(): u32 {
  if (cursor >= limit) {
    isBroken = true
    return 0
  }
  return <u32>load<u8>(cursor++)
}

export function varint(): u64 {
  let value: u64 = 0
  for (let shift: u64 = 0; shift < 64; shift += 7) {
    const part = <u64>byte()
    value |= (part & 0x7f) << shift
    if (part < 0x80) return value
  }
  isBroken = true
  return 0
}

export function zigzag(): i32 {
  const value = varint()
  return <i32>((value >> 1) ^ (0 - (value & 1)))
}
