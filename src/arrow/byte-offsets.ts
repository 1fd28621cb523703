import { DeltaError } from '../errors/delta-error.js'

const LIMIT = 2 ** 31 - 1

/**
 * The `count + 1` offsets of values laid end to end. ResourceExhausted where they outgrow the 2 GiB (or 2^31 elements) that one Arrow
 * column can hold.
 */
export function byteOffsets(count: number, sizeOf: (index: number) => number): Int32Array {
  const offsets = new Int32Array(count + 1)
  let end = 0
  for (let i = 0; i < count; i++) {
    end = checkedOffset(end + sizeOf(i))
    offsets[i + 1] = end
  }
  return offsets
}

/** An offset that fits into 32 bits. ResourceExhausted where it does not. */
export function checkedOffset(offset: number): number {
  if (offset <= LIMIT) return offset
  throw new DeltaError(
    'ResourceExhausted',
    'A column of one batch outgrew the 2 GiB that Arrow can hold. Use batches of fewer rows.',
  )
}
