/** Levels as data pages of version 1 have them: in the hybrid, after their length. Nothing where the only level is 0. */
export function encodeLevels(levels: Uint8Array, max: number): Uint8Array {
  if (max === 0) return new Uint8Array(0)
  const encoded = encodeHybrid(levels, bitWidth(max), 4)
  new DataView(encoded.buffer, encoded.byteOffset).setUint32(0, encoded.byteLength - 4, true)
  return encoded
}

/** Bits that the numbers up to a greatest one take. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max)
}

/** A number of less than 2^32 in seven bits a byte. */
export function varintOf(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.of(...bytes, rest)
}

/** Runs that are shorter are packed. */
const SHORTEST_RUN = 8

/**
 * Numbers in the hybrid of runs and bit packing (parquet-format, "Run Length Encoding / Bit-Packing Hybrid").
 *
 * @param width bits of a number, 1 to 24
 * @param before bytes to leave free in front
 */
export function encodeHybrid(numbers: Uint8Array | Int32Array, width: number, before = 0): Uint8Array<ArrayBuffer> {
  // In the worst case runs and packed groups of 8 numbers take turns.
  const out = new Uint8Array(before + 16 + Math.ceil((numbers.length * (width + 8)) / 8))
  let at = before
  const varint = (value: number): void => {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80
    out[at++] = rest
  }
  for (let i = 0; i < numbers.length; ) {
    const run = runLength(numbers, i)
    if (run >= SHORTEST_RUN) {
      varint(run << 1)
      for (let bit = 0; bit < width; bit += 8) out[at++] = (numbers[i] as number) >>> bit
      i += run
      continue
    }
    const start = i
    for (i += 8; i < numbers.length && !runBegins(numbers, i); ) i += 8
    const groups = (i - start) >> 3
    varint((groups << 1) | 1)
    packBits(numbers, start, Math.min(i, numbers.length), width, out, at)
    at += groups * width
  }
  return out.subarray(0, at)
}

function runLength(numbers: Uint8Array | Int32Array, start: number): number {
  let end = start + 1
  while (end < numbers.length && numbers[end] === numbers[start]) end++
  return end - start
}

function runBegins(numbers: Uint8Array | Int32Array, start: number): boolean {
  if (start + SHORTEST_RUN > numbers.length) return false
  const first = numbers[start]
  for (let i = 1; i < SHORTEST_RUN; i++) if (numbers[start + i] !== first) return false
  return true
}

function packBits(
  numbers: Uint8Array | Int32Array,
  start: number,
  end: number,
  width: number,
  out: Uint8Array,
  from: number,
): void {
  let at = from
  let [bits, have] = [0, 0]
  for (let i = start; i < end; i++) {
    bits |= (numbers[i] as number) << have
    have += width
    // Two bytes at a time, as far as there is room for them beside the next number.
    if (width < 16) {
      if (have < 16) continue
      out[at++] = bits
      out[at++] = bits >>> 8
      bits >>>= 16
      have -= 16
    } else {
      for (; have >= 8; have -= 8) {
        out[at++] = bits
        bits >>>= 8
      }
    }
  }
  for (; have > 0; have -= 8) {
    out[at++] = bits
    bits >>>= 8
  }
}
