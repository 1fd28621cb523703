import { setTimeout } from 'node:timers/promises'
import { DeltaError } from '../../src/errors/delta-error.js'
import { abortedError } from '../../src/runtime/aborted.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from '../../src/storage/object-store.js'

export type StoreMethod = 'get' | 'head' | 'list' | 'put' | 'delete'

/** Which calls are meant; unset fields match all. */
export interface CallFilter {
  readonly method?: StoreMethod
  /** Equal to the key, or found in it. For a listing its prefix, for a delete its first key. */
  readonly key?: string | RegExp
}

/**
 * What goes wrong with a call.
 *
 * - `before`: it fails and nothing is done
 * - `after`: it is carried out, then fails: the reply was lost
 * - `delay`: it begins later
 * - `hang`: it never answers, until its signal fires
 * - `run`: something else happens first, such as the commit of a rival
 */
export type StoreFault =
  | { readonly type: 'before' | 'after'; readonly error?: unknown }
  | { readonly type: 'delay'; readonly ms: number }
  | { readonly type: 'hang' }
  | { readonly type: 'run'; readonly action: () => unknown }

interface PlannedFault {
  readonly filter: CallFilter
  readonly fault: StoreFault
  skip: number
  times: number
}

/** Lets chosen calls of another store go wrong and remembers all calls. `getMany` counts as a `get` of each key. */
export class FaultyStore implements ObjectStore {
  readonly url: string
  /** Every call, in the order in which they came. */
  readonly calls: { readonly method: StoreMethod; readonly key: string }[] = []
  readonly #inner: ObjectStore
  readonly #planned: PlannedFault[] = []

  constructor(inner: ObjectStore) {
    this.url = inner.url
    this.#inner = inner
  }

  /** The next `times` (default 1) calls that match go wrong, after `skip` (default 0) of them went well. */
  fail(filter: CallFilter, fault: StoreFault, { times = 1, skip = 0 }: { times?: number; skip?: number } = {}): this {
    this.#planned.push({ filter, fault, times, skip })
    return this
  }

  /** How many calls matched so far. */
  count(filter: CallFilter): number {
    return this.calls.filter((call) => matches(filter, call.method, call.key)).length
  }

  get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return this.#call('get', key, options.signal, () => this.#inner.get(key, options))
  }

  getMany(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array[]> {
    return Promise.all(keys.map((key) => this.get(key, options)))
  }

  head(key: string, options: { readonly signal?: AbortSignal } = {}): Promise<ObjectMeta> {
    return this.#call('head', key, options.signal, () => this.#inner.head(key, options))
  }

  async *list(
    prefix: string,
    options: { readonly startAfter?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    const fault = this.#take('list', prefix)
    await arrange(fault, options.signal)
    // A listing that fails `after` breaks off in the middle: one object was told.
    for await (const object of this.#inner.list(prefix, options)) {
      yield object
      if (fault?.type === 'after') throw errorOf(fault)
    }
  }

  put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    return this.#call('put', key, options.signal, () => this.#inner.put(key, body, options))
  }

  delete(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#call('delete', keys[0] ?? '', options.signal, () => this.#inner.delete(keys, options))
  }

  async #call<T>(method: StoreMethod, key: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    const fault = this.#take(method, key)
    await arrange(fault, signal)
    const result = await run()
    if (fault?.type === 'after') throw errorOf(fault)
    return result
  }

  #take(method: StoreMethod, key: string): StoreFault | undefined {
    this.calls.push({ method, key })
    for (const planned of this.#planned) {
      if (planned.times === 0 || !matches(planned.filter, method, key)) continue
      if (planned.skip > 0) planned.skip--
      else {
        planned.times--
        return planned.fault
      }
    }
    return undefined
  }
}

function matches(filter: CallFilter, method: StoreMethod, key: string): boolean {
  if (filter.method !== undefined && filter.method !== method) return false
  if (filter.key === undefined) return true
  return filter.key instanceof RegExp ? filter.key.test(key) : filter.key === key
}

async function arrange(fault: StoreFault | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (fault?.type === 'before') throw errorOf(fault)
  if (fault?.type === 'delay') await setTimeout(fault.ms)
  if (fault?.type === 'run') await fault.action()
  if (fault?.type === 'hang') {
    await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(abortedError(signal))))
  }
}

function errorOf({ error }: { readonly error?: unknown }): unknown {
  return error ?? new DeltaError('StorageUnavailable', 'The connection was reset.')
}
