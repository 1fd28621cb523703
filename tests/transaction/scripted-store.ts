import { DeltaError } from '../../src/errors/delta-error.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from '../../src/storage/object-store.js'

/** What happens to one put into the log, or to one get from it. `late`: the client sees a time-out, and the request arrives by {@link ScriptedStore.arrive}. */
export type PutFate =
  | 'stored'
  | 'reply lost'
  | 'request lost'
  | 'refused'
  | 'forbidden'
  | 'late'
  | (() => Promise<void>)
export type GetFate = 'answered' | 'unavailable'

/** A store whose requests for the log go as a script says; when it ends, all goes well. Data files are not its business. */
export class ScriptedStore implements ObjectStore {
  readonly url: string
  readonly puts: PutFate[] = []
  readonly gets: GetFate[] = []
  /** Told of one get from the log each, when it is answered. */
  readonly heard: (() => void)[] = []
  /** Methods and keys, in order. */
  readonly requests: string[] = []
  /** Lets the request arrive that was late. */
  arrive: () => Promise<void> = async () => undefined
  private readonly inner: ObjectStore

  constructor(inner: ObjectStore) {
    this.inner = inner
    this.url = inner.url
  }

  async get(key: string, options?: GetOptions): Promise<Uint8Array> {
    this.requests.push(`get ${key}`)
    if (key.endsWith('.json') && this.gets.shift() === 'unavailable') throw unavailable('the connection broke')
    try {
      return await this.inner.get(key, options)
    } finally {
      if (key.endsWith('.json')) this.heard.shift()?.()
    }
  }

  async put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    this.requests.push(`put ${key}`)
    const fate = key.endsWith('.json') ? (this.puts.shift() ?? 'stored') : 'stored'
    if (typeof fate === 'function') await fate()
    if (fate === 'refused') throw unavailable('slow down', { maybeStored: false })
    if (fate === 'forbidden') throw new DeltaError('PermissionDenied', 'the credentials have expired')
    if (fate === 'late') {
      this.arrive = async () => void (await this.inner.put(key, body, { mode: options.mode }))
      throw unavailable('the request timed out')
    }
    if (fate === 'request lost') throw unavailable('the connection broke')
    const meta = await this.inner.put(key, body, options)
    if (fate === 'reply lost') throw unavailable('the connection broke')
    return meta
  }

  getMany(keys: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<Uint8Array[]> {
    this.requests.push(...keys.map((key) => `get ${key}`))
    return this.inner.getMany(keys, options)
  }

  head(key: string, options?: { readonly signal?: AbortSignal }): Promise<ObjectMeta> {
    this.requests.push(`head ${key}`)
    return this.inner.head(key, options)
  }

  list(
    prefix: string,
    options?: { readonly startAfter?: string; readonly signal?: AbortSignal },
  ): AsyncIterable<ObjectMeta> {
    this.requests.push(`list ${prefix}`)
    return this.inner.list(prefix, options)
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.inner.delete(keys)
  }
}

function unavailable(message: string, details: { readonly [name: string]: unknown } = {}): DeltaError {
  return new DeltaError('StorageUnavailable', message, { details })
}
