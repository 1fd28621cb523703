import type { Column } from './column.js'

const LOW = 0xffff_ffff_ffff_ffffn

/** Writes a signed 128-bit integer as two little-endian words. */
export function writeInt128(words: BigUint64Array, index: number, value: bigint): void {
  words[index * 2] = value & LOW
  words[index * 2 + 1] = (value >> 64n) & LOW
}

/**
 * Reads the unscaled values of a decimal column: apache-arrow holds them as 32-bit words, 4 a value in 128 bits (1 in 32, 2 in 64, 8 in
 * 256 bits).
 */
export function unscaledReader(column: Column): (row: number) => bigint {
  const words = column.values as Uint32Array
  const { stride } = column
  if (stride === 1) return (row) => BigInt(words[row] as number | 0)
  if (words.byteOffset % 8 === 0)
    return wordReader(new BigInt64Array(words.buffer, words.byteOffset, words.length >> 1), stride / 2)
  return wordReader(new BigInt64Array(words.slice().buffer), stride / 2)
}

function wordReader(words: BigInt64Array, stride: number): (row: number) => bigint {
  if (stride === 1) return (row) => words[row] as bigint
  return (row) => {
    const low = words[row * stride] as bigint
    let high = words[row * stride + 1] as bigint
    // Most decimals fit into 64 bits.
    if (stride === 2 && high === low >> 63n) return low
    let value = BigInt.asUintN(64, low)
    for (let i = 1; i < stride; i++) {
      high = words[row * stride + i] as bigint
      value |= (i === stride - 1 ? high : BigInt.asUintN(64, high)) << BigInt(64 * i)
    }
    return value
  }
}
