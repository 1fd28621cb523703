import type { Assembly } from '../runtime/node/assemble-file.js'
import { uninitializedBytes } from '../runtime/uninitialized-bytes.js'
import type { ChunkBytes, ChunkSpan } from './fetch-chunks.js'

/** Spans of a file one behind the other. @param from where the first is to stand */
export function inARow(
  spans: readonly ChunkSpan[],
  from = 0,
): { readonly ranges: Assembly['ranges']; readonly end: number } {
  let end = from
  const ranges = spans.map((span) => {
    const at = end
    end += span.end - span.start
    return { ...span, at }
  })
  return { ranges, end }
}

/** The bytes put together. */
export async function fetchAssembly(
  { size, ranges, pieces }: Assembly,
  bytesOf: ChunkBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = uninitializedBytes(size)
  for (const { start, end, at } of ranges) file.set(await bytesOf({ start, end }), at)
  for (const { bytes, at } of pieces) file.set(bytes, at)
  return file
}
