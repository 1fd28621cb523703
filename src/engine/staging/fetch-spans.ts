import type { FileHandle } from 'node:fs/promises'
import type { ByteSource } from '../../parquet/byte-source.js'
import type { Limiter } from './limiter.js'

/** Bytes `start` (inclusive) to `end` (exclusive). */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Two spans closer than this are fetched in one request: a request costs about as much as this many bytes. */
const GAP_BYTES = 64 * 1024
/** A request is no longer than this, so that long spans are fetched in parallel. */
const MAX_REQUEST_BYTES = 8 * 2 ** 20

/** A range request and the spans that its answer serves. */
interface RangeRequest extends Span {
  readonly spans: readonly Span[]
}

/** Fetches spans of a file and writes each to its own place in a local one. */
export async function fetchSpans(
  source: ByteSource,
  spans: readonly Span[],
  target: FileHandle,
  limiter: Limiter,
  signal?: AbortSignal,
): Promise<void> {
  const results = await Promise.allSettled(
    rangeRequests(spans).map((request) =>
      limiter.run(async () => {
        const bytes = await source.read(request.start, request.end, signal)
        for (const { start, end } of request.spans) {
          await writeAll(target, bytes.subarray(start - request.start, end - request.start), start)
        }
      }),
    ),
  )
  // Nothing may still be writing when the caller closes the file.
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

export async function writeAll(target: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await target.write(bytes, done, bytes.byteLength - done, position + done)
    done += bytesWritten
  }
}

/** Joins spans that are close, and cuts those that are long. */
function rangeRequests(spans: readonly Span[]): RangeRequest[] {
  const requests: { start: number; end: number; spans: Span[] }[] = []
  const sorted = spans.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start)
  for (const span of sorted.flatMap(pieces)) {
    const last = requests.at(-1)
    const end = Math.max(last?.end ?? 0, span.end)
    if (last !== undefined && span.start <= last.end + GAP_BYTES && end - last.start <= MAX_REQUEST_BYTES) {
      last.end = end
      last.spans.push(span)
    } else requests.push({ ...span, spans: [span] })
  }
  return requests
}

function pieces({ start, end }: Span): Span[] {
  const cut: Span[] = []
  for (let at = start; at < end; at += MAX_REQUEST_BYTES)
    cut.push({ start: at, end: Math.min(end, at + MAX_REQUEST_BYTES) })
  return cut
}
