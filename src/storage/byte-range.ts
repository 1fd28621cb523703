import { DeltaError } from '../errors/delta-error.js'
import type { ByteRange } from './object-store.js'

/** Where a range begins and ends (exclusive) in an object. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/**
 * Cuts a range to an object of `size` bytes. What lies past the end is left out, so the span may be empty.
 *
 * @throws InvalidArgument for negative or fractional bounds, or an end before the start.
 */
export function spanOf(range: ByteRange | undefined, size: number): ByteSpan {
  if (range === undefined) return { start: 0, end: size }
  checkRange(range)
  if ('suffix' in range) return { start: Math.max(0, size - range.suffix), end: size }
  const start = Math.min(range.start, size)
  return { start, end: Math.min(range.end ?? size, size) }
}

/** @throws InvalidArgument for negative or fractional bounds, or an end before the start. */
export function checkRange(range: ByteRange): void {
  const bounds = 'suffix' in range ? [range.suffix] : [range.start, range.end ?? range.start]
  const ordered = 'suffix' in range || range.end === undefined || range.end >= range.start
  if (bounds.every((bound) => Number.isSafeInteger(bound) && bound >= 0) && ordered) return
  throw new DeltaError('InvalidArgument', `Invalid byte range ${JSON.stringify(range)}: need 0 <= start <= end.`)
}
