import { isDeltaError } from '../errors/delta-error.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import { isRepeatable } from './object-body.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from './object-store.js'
import { backOff, type RetryRuntime, withRetries } from './retry.js'

/**
 * Repeats what may be carried out twice when the store does not answer: reads, listings (from the last key that came), deletes and
 * overwrites of all but streams that can be read once. Never a create: whether the lost one was stored is for the caller to find out (`mayHaveStored`).
 *
 * For stores behind a network: `getMany` reads one by one, 32 at once.
 */
export class RetryingStore implements ObjectStore {
  readonly url: string
  readonly #inner: ObjectStore
  readonly #runtime: RetryRuntime

  constructor(inner: ObjectStore, runtime: RetryRuntime) {
    this.url = inner.url
    this.#inner = inner
    this.#runtime = runtime
  }

  get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return withRetries(this.#runtime, options.signal, () => this.#inner.get(key, options))
  }

  async getMany(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array[]> {
    const contents: Uint8Array[] = []
    for await (const bytes of mapConcurrent(keys, GETS_IN_FLIGHT, (key) => this.get(key, options))) contents.push(bytes)
    return contents
  }

  head(key: string, options: { readonly signal?: AbortSignal } = {}): Promise<ObjectMeta> {
    return withRetries(this.#runtime, options.signal, () => this.#inner.head(key, options))
  }

  async *list(
    prefix: string,
    options: { readonly startAfter?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    let from = options
    for (let failures = 0; ; failures++) {
      try {
        for await (const object of this.#inner.list(prefix, from)) {
          yield object
          from = { ...options, startAfter: object.key }
          failures = 0
        }
        return
      } catch (error) {
        if (!isDeltaError(error, 'StorageUnavailable') || failures >= MOST_FAILURES) throw error
      }
      await backOff(this.#runtime, failures, options.signal)
    }
  }

  put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    const put = (): Promise<ObjectMeta> => this.#inner.put(key, body, options)
    if (options.mode === 'create' || !isRepeatable(body)) return put()
    return withRetries(this.#runtime, options.signal, put)
  }

  delete(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return withRetries(this.#runtime, options.signal, () => this.#inner.delete(keys, options))
  }
}

const GETS_IN_FLIGHT = 32
const MOST_FAILURES = 5
