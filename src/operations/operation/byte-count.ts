import { DeltaError } from '../../errors/delta-error.js'
import { parseByteSize } from '../../protocol/properties/byte-size.js'

/**
 * Bytes of an option that takes a number, or text as in `512MB` (powers of 1,024, as Delta's table properties have them).
 *
 * @throws InvalidArgument, naming the option
 */
export function byteCount(option: string, size: number | string): number {
  const bytes = typeof size === 'string' ? parseByteSize(size) : size
  if (bytes !== undefined && Number.isSafeInteger(bytes) && bytes > 0) return bytes
  throw new DeltaError(
    'InvalidArgument',
    `"${String(size)}" is no size for ${option}: give a number of bytes, or text such as 512MB or 1GB.`,
  )
}
