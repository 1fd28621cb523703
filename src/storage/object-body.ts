import { DeltaError } from '../errors/delta-error.js'
import { throwIfAborted } from '../runtime/aborted.js'
import type { ObjectBody } from './object-store.js'

/**
 * Wraps what the caller's stream threw during a put, so that a store does not take it for a failure of its own.
 * Stores unwrap it: the caller gets back what the stream threw.
 */
export class BodyFailure extends Error {
  constructor(cause: unknown) {
    super('The stream of an object failed.', { cause })
  }
}

/** Whether a put of this body can be tried again after one that failed half-way. */
export function isRepeatable(body: ObjectBody): boolean {
  return body instanceof Uint8Array || typeof body === 'function'
}

/**
 * The chunks of a body; the signal is looked at before each.
 *
 * @throws Aborted, and {@link BodyFailure} for what the stream throws.
 */
export async function* bodyChunks(body: ObjectBody, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  throwIfAborted(signal, 'The put')
  if (body instanceof Uint8Array) {
    yield body
    return
  }
  const stream = (typeof body === 'function' ? body() : body)[Symbol.asyncIterator]()
  let open = true
  try {
    while (true) {
      const next = await stream.next().catch((error: unknown) => {
        open = false
        throw error instanceof DeltaError ? error : new BodyFailure(error)
      })
      if (next.done) open = false
      throwIfAborted(signal, 'The put')
      if (next.done) return
      yield next.value
    }
  } finally {
    if (open) await stream.return?.()
  }
}

/** Joins chunks into one array. A single chunk is returned as it is. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks
  if (only !== undefined && chunks.length === 1) return only
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.byteLength
  }
  return joined
}
