import { bodyChunks, joinChunks } from '../object-body.js'
import type { ObjectBody } from '../object-store.js'

/** Objects up to this size are stored by one request, larger ones in parts of it: 8 MiB. */
export const PART_SIZE: number = 8 * 1024 * 1024

/**
 * Cuts a body into parts for upload: all of `PART_SIZE` bytes but the last, which is never empty except as the only one.
 * Bytes that would make more than 10,000 parts, the limit of S3, are cut into larger ones.
 */
export async function* bodyParts(body: ObjectBody, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const size = body instanceof Uint8Array ? Math.max(PART_SIZE, Math.ceil(body.byteLength / MOST_PARTS)) : PART_SIZE
  let pending: Uint8Array[] = []
  let length = 0
  for await (const chunk of bodyChunks(body, signal)) {
    for (let at = 0; at < chunk.byteLength; ) {
      if (length === size) {
        yield joinChunks(pending)
        pending = []
        length = 0
      }
      const slice = chunk.subarray(at, at + size - length)
      // The caller may use the memory of its chunk again once it is asked for the next.
      pending.push(body instanceof Uint8Array ? slice : new Uint8Array(slice))
      length += slice.byteLength
      at += slice.byteLength
    }
  }
  yield joinChunks(pending)
}

const MOST_PARTS = 10_000
