import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from './object-store.js'

/** A store whose code is loaded by its first request: tables that lie elsewhere do not pay for it. For stores behind a network. */
export class LazyStore implements ObjectStore {
  readonly url: string
  readonly #load: () => Promise<ObjectStore>
  #loading: Promise<ObjectStore> | undefined

  /** @param url of the store that `load` answers */
  constructor(url: string, load: () => Promise<ObjectStore>) {
    this.url = url
    this.#load = load
  }

  async get(key: string, options?: GetOptions): Promise<Uint8Array> {
    return (await this.#inner()).get(key, options)
  }

  async getMany(keys: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<Uint8Array[]> {
    return (await this.#inner()).getMany(keys, options)
  }

  async head(key: string, options?: { readonly signal?: AbortSignal }): Promise<ObjectMeta> {
    return (await this.#inner()).head(key, options)
  }

  async *list(
    prefix: string,
    options?: { readonly startAfter?: string; readonly signal?: AbortSignal },
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    yield* (await this.#inner()).list(prefix, options)
  }

  async put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    return (await this.#inner()).put(key, body, options)
  }

  async delete(keys: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<void> {
    return (await this.#inner()).delete(keys, options)
  }

  #inner(): Promise<ObjectStore> {
    this.#loading ??= this.#load()
    return this.#loading
  }
}
