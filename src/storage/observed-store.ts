import type { Clock } from '../runtime/clock.js'
import { type ObservedEvent, type Observer, tell } from '../runtime/observer.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from './object-store.js'

type RequestMethod = Extract<ObservedEvent, { type: 'request' }>['method']

/** Tells an observer of every call: one event a key that is read, one a listing, a put or a delete of many. */
export class ObservedStore implements ObjectStore {
  readonly url: string
  readonly localPath?: (key: string) => string
  readonly waitsForDisk?: boolean
  readonly stage?: NonNullable<ObjectStore['stage']>
  readonly #inner: ObjectStore
  readonly #clock: Clock
  readonly #observer: Observer

  constructor(inner: ObjectStore, { clock, observer }: { readonly clock: Clock; readonly observer: Observer }) {
    this.url = inner.url
    this.#inner = inner
    this.#clock = clock
    this.#observer = observer
    if (inner.waitsForDisk !== undefined) this.waitsForDisk = inner.waitsForDisk
    if (inner.localPath !== undefined) this.localPath = inner.localPath.bind(inner)
    if (inner.stage !== undefined) this.stage = this.#observedStage(inner.stage.bind(inner))
  }

  get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return this.#observe('get', key, () => this.#inner.get(key, options), sizeOf)
  }

  async getMany(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array[]> {
    const began = this.#clock.now()
    const share = (): number => (this.#clock.now() - began) / keys.length
    try {
      const contents = await this.#inner.getMany(keys, options)
      for (const [index, key] of keys.entries()) this.#tell('get', key, contents[index]?.byteLength ?? 0, share(), 'ok')
      return contents
    } catch (error) {
      for (const key of keys) this.#tell('get', key, 0, share(), 'error')
      throw error
    }
  }

  head(key: string, options: { readonly signal?: AbortSignal } = {}): Promise<ObjectMeta> {
    return this.#observe('head', key, () => this.#inner.head(key, options))
  }

  async *list(
    prefix: string,
    options: { readonly startAfter?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    const began = this.#clock.now()
    let outcome: 'ok' | 'error' = 'ok'
    try {
      yield* this.#inner.list(prefix, options)
    } catch (error) {
      outcome = 'error'
      throw error
    } finally {
      // In the end also of a listing that its reader left early.
      this.#tell('list', prefix, 0, this.#clock.now() - began, outcome)
    }
  }

  put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    return this.#observe(
      'put',
      key,
      () => this.#inner.put(key, body, options),
      ({ size }) => size,
    )
  }

  delete(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#observe('delete', keys[0] ?? '', () => this.#inner.delete(keys, options))
  }

  /** Bytes that have no name yet are no request: the put is told of when they get one. */
  #observedStage(stage: NonNullable<ObjectStore['stage']>): NonNullable<ObjectStore['stage']> {
    return async (key, body, options) => {
      const staged = await stage(key, body, options)
      const publish = (name: string): Promise<ObjectMeta> =>
        this.#observe(
          'put',
          name,
          () => staged.publish(name),
          ({ size }) => size,
        )
      return { publish, discard: () => staged.discard() }
    }
  }

  async #observe<T>(
    method: RequestMethod,
    key: string,
    call: () => Promise<T>,
    bytesOf: (result: T) => number = () => 0,
  ): Promise<T> {
    const began = this.#clock.now()
    try {
      const result = await call()
      this.#tell(method, key, bytesOf(result), this.#clock.now() - began, 'ok')
      return result
    } catch (error) {
      this.#tell(method, key, 0, this.#clock.now() - began, 'error')
      throw error
    }
  }

  #tell(method: RequestMethod, key: string, bytes: number, durationMs: number, outcome: 'ok' | 'error'): void {
    tell(this.#observer, { type: 'request', method, key, bytes, durationMs, outcome })
  }
}

const sizeOf = (bytes: Uint8Array): number => bytes.byteLength
