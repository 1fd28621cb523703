import type { ByteSource } from './byte-source.js'

/** Chunks no further apart are fetched in one request. */
const GAP_BYTES = 64 * 1024
/** A request that has so much gets no further chunk. */
const REQUEST_BYTES = 8 << 20

/** Where the bytes of a column chunk are. */
export interface ChunkSpan {
  readonly start: number
  readonly end: number
}

/** The bytes of a chunk, of those that were asked for. */
export type ChunkBytes = (span: ChunkSpan) => Promise<Uint8Array>

interface Fetched extends ChunkSpan {
  readonly bytes: Promise<Uint8Array>
}

/** Fetches column chunks, neighbours in one request: all of them at once, when the first is asked for. */
export function fetchChunks(source: ByteSource, spans: readonly ChunkSpan[], signal?: AbortSignal): ChunkBytes {
  const requests: { start: number; end: number }[] = []
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = requests.at(-1)
    if (last !== undefined && start <= last.end + GAP_BYTES && Math.max(end, last.end) <= last.start + REQUEST_BYTES) {
      last.end = Math.max(last.end, end)
    } else requests.push({ start, end })
  }
  const fetch = ({ start, end }: ChunkSpan): Fetched => {
    const bytes = source.read(start, end, signal)
    // Whoever asks for a chunk gets the error; where nobody does any more, another one was first.
    bytes.catch(() => undefined)
    return { start, end, bytes }
  }
  let fetched: Fetched[] | undefined
  return async ({ start, end }) => {
    fetched ??= requests.map(fetch)
    const request = fetched.find((other) => other.start <= start && end <= other.end) as Fetched
    return (await request.bytes).subarray(start - request.start, end - request.start)
  }
}
