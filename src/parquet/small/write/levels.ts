/**
 * Levels in the hybrid of runs and bit packing (parquet-format, "Run Length Encoding / Bit-Packing Hybrid"), after their length, as data pages of version 1 have them.
 * Nothing where the only level is 0.
 */
export function encodeLevels(levels: Uint8Array, max: number): Uint8Array {
  if (max === 0) return new Uint8Array(0)
  const width = 32 - Math.clz32(max)
  // In the worst case runs and packed groups of 8 levels take turns.
  const out = new Uint8Array(16 + levels.length * 2)
  let at = 4
  const varint = (value: number): void => {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80
    out[at++] = rest
  }
  for (let i = 0; i < levels.length; ) {
    const run = runLength(levels, i)
    if (run >= 8) {
      varint(run << 1)
      out[at++] = levels[i] as number
      i += run
      continue
    }
    const start = i
    for (i += 8; i < levels.length && runLength(levels, i, 8) < 8; ) i += 8
    const groups = (i - start) >> 3
    varint((groups << 1) | 1)
    const packed = Math.min(i, levels.length)
    for (let k = start, bit = at * 8; k < packed; k++, bit += width) {
      const bits = (levels[k] as number) << (bit & 7)
      out[bit >> 3] = (out[bit >> 3] as number) | bits
      if (bits > 0xff) out[(bit >> 3) + 1] = bits >> 8
    }
    at += groups * width
  }
  new DataView(out.buffer).setUint32(0, at - 4, true)
  return out.subarray(0, at)
}

function runLength(levels: Uint8Array, start: number, most = levels.length): number {
  let end = start + 1
  const stop = Math.min(levels.length, start + most)
  while (end < stop && levels[end] === levels[start]) end++
  return end - start
}
