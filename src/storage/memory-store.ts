import { throwIfAborted } from '../runtime/aborted.js'
import { type Clock, systemClock } from '../runtime/clock.js'
import { spanOf } from './byte-range.js'
import { compareKeys } from './key-order.js'
import { BodyFailure, bodyChunks, joinChunks } from './object-body.js'
import { objectAlreadyExists, objectNotFound } from './object-error.js'
import { checkKey } from './object-key.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from './object-store.js'

interface StoredObject {
  readonly bytes: Uint8Array
  readonly lastModified: number
}

/** The objects of one memory, by full key. Stores that share it see the same objects. */
export type MemoryObjects = Map<string, StoredObject>

export interface MemoryStoreOptions {
  /** For messages. Default `memory://`. */
  readonly url?: string
  /** Shared with other stores. Default: a memory of its own. */
  readonly objects?: MemoryObjects
  /** The folder of the memory that is the root of this store, without slashes at its ends. Default: the whole memory. */
  readonly prefix?: string
  readonly clock?: Clock
}

/** Objects in the memory of this process: for tests and trials. */
export class MemoryStore implements ObjectStore {
  readonly url: string
  readonly #objects: MemoryObjects
  readonly #prefix: string
  readonly #clock: Clock

  constructor(options: MemoryStoreOptions = {}) {
    this.url = options.url ?? 'memory://'
    this.#objects = options.objects ?? new Map()
    this.#prefix = options.prefix ? `${options.prefix}/` : ''
    this.#clock = options.clock ?? systemClock
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    throwIfAborted(options.signal)
    const { bytes } = this.#find(key)
    const { start, end } = spanOf(options.range, bytes.byteLength)
    // A copy: what a reader does to its bytes must not change what is stored.
    return bytes.slice(start, end)
  }

  getMany(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array[]> {
    return Promise.all(keys.map((key) => this.get(key, options)))
  }

  async head(key: string, options: { readonly signal?: AbortSignal } = {}): Promise<ObjectMeta> {
    throwIfAborted(options.signal)
    return metaOf(key, this.#find(key))
  }

  async *list(
    prefix: string,
    options: { readonly startAfter?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    throwIfAborted(options.signal)
    const keys: string[] = []
    for (const full of this.#objects.keys()) {
      if (!full.startsWith(this.#prefix + prefix)) continue
      const key = full.slice(this.#prefix.length)
      if (options.startAfter === undefined || compareKeys(key, options.startAfter) > 0) keys.push(key)
    }
    for (const key of keys.sort(compareKeys)) {
      throwIfAborted(options.signal)
      const object = this.#objects.get(this.#prefix + key)
      if (object !== undefined) yield metaOf(key, object)
    }
  }

  async put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    checkKey(this.url, key)
    const bytes = await collect(body, options.signal)
    // Nothing is awaited between this test and the set: of many creators one wins.
    if (options.mode === 'create' && this.#objects.has(this.#prefix + key)) throw objectAlreadyExists(this.url, key)
    const object = { bytes, lastModified: this.#clock.now() }
    this.#objects.set(this.#prefix + key, object)
    return metaOf(key, object)
  }

  async delete(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    throwIfAborted(options.signal)
    for (const key of keys) checkKey(this.url, key)
    for (const key of keys) this.#objects.delete(this.#prefix + key)
  }

  #find(key: string): StoredObject {
    checkKey(this.url, key)
    const object = this.#objects.get(this.#prefix + key)
    if (object === undefined) throw objectNotFound(this.url, key)
    return object
  }
}

/** Always a copy: what the caller does to its bytes later must not change what is stored. */
async function collect(body: ObjectBody, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of bodyChunks(body, signal)) chunks.push(new Uint8Array(chunk))
  } catch (error) {
    throw error instanceof BodyFailure ? error.cause : error
  }
  return joinChunks(chunks)
}

function metaOf(key: string, object: StoredObject): ObjectMeta {
  return { key, size: object.bytes.byteLength, lastModified: object.lastModified }
}
