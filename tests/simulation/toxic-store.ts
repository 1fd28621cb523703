import { DeltaError } from '../../src/errors/delta-error.js'
import type { Clock } from '../../src/runtime/clock.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions } from '../../src/storage/object-store.js'

/** What can go wrong with a request, each with its probability. */
export interface Toxics {
  /** The request never arrives; the client sees a time-out. */
  readonly lostRequest: number
  /** The client sees a time-out; the request arrives all the same, long after the client gave it up. */
  readonly delayed: number
  /** The request is carried out, its reply is lost. */
  readonly lostReply: number
  /** The request arrives twice: the client gets the answer to the second. */
  readonly duplicated: number
  /** 503 SlowDown: refused, nothing was done, and the store says so. */
  readonly throttled: number
  /** The connection breaks during an upload: nothing becomes visible. */
  readonly torn: number
  /** 409 ConditionalRequestConflict, as S3 answers who creates a key at the same moment as another: nothing was done. */
  readonly conflicting: number
}

export const NO_TOXICS: Toxics = {
  lostRequest: 0,
  delayed: 0,
  lostReply: 0,
  duplicated: 0,
  throttled: 0,
  torn: 0,
  conflicting: 0,
}

/**
 * One client's view of a shared store: every request takes time, and some go wrong. After `crashAfter` requests the
 * client is dead: the request in flight is carried out or not, and nothing is ever answered again.
 */
export class ToxicStore implements ObjectStore {
  readonly url: string
  crashed = false
  readonly #inner: ObjectStore
  readonly #clock: Clock
  readonly #random: () => number
  readonly #toxics: Toxics
  readonly #crashAfter: number
  readonly #onCrash: () => void
  #requests = 0
  /** Requests that nobody waits for and that are still to arrive. */
  onTheirWay = 0

  constructor(
    inner: ObjectStore,
    world: { clock: Clock; random: () => number },
    toxics: Toxics,
    crash: { after: number; tell: () => void },
  ) {
    this.url = inner.url
    this.#inner = inner
    this.#clock = world.clock
    this.#random = world.random
    this.#toxics = toxics
    this.#crashAfter = crash.after
    this.#onCrash = crash.tell
  }

  get(key: string, options?: GetOptions): Promise<Uint8Array> {
    return this.#request(() => this.#inner.get(key, options))
  }

  getMany(keys: readonly string[]): Promise<Uint8Array[]> {
    return Promise.all(keys.map((key) => this.get(key)))
  }

  head(key: string): Promise<ObjectMeta> {
    return this.#request(() => this.#inner.head(key))
  }

  async *list(prefix: string, options?: { readonly startAfter?: string }): AsyncGenerator<ObjectMeta, void, undefined> {
    const found = await this.#request(async () => {
      const objects: ObjectMeta[] = []
      for await (const object of this.#inner.list(prefix, options)) objects.push(object)
      return objects
    })
    // A slow listing: what it says was true when it was asked for.
    await this.#travel()
    yield* found
  }

  /** Without the signal of the client: what is on its way to the store cannot be called back. */
  put(key: string, body: ObjectBody, { mode }: PutOptions): Promise<ObjectMeta> {
    return this.#request(() => this.#inner.put(key, body, { mode }), mode)
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#request(() => this.#inner.delete(keys))
  }

  /** What the client is told; the dead are told nothing, also of what was on its way when they died. */
  async #request<T>(act: () => Promise<T>, upload?: PutOptions['mode']): Promise<T> {
    if (this.crashed) return NEVER
    try {
      const reply = await this.#exchange(act, upload)
      return this.crashed ? NEVER : reply
    } catch (error) {
      if (this.crashed) return NEVER
      throw error
    }
  }

  async #exchange<T>(act: () => Promise<T>, upload: PutOptions['mode'] | undefined): Promise<T> {
    if (++this.#requests > this.#crashAfter) return this.#crash(act)
    await this.#travel()
    if (this.#strikes(this.#toxics.throttled)) throw unavailable('503 SlowDown', false)
    if (this.#strikes(this.#toxics.lostRequest)) throw unavailable('the request timed out')
    if (this.#strikes(this.#toxics.delayed)) {
      this.#arriveLater(act)
      throw unavailable('the request timed out')
    }
    if (upload && this.#strikes(this.#toxics.torn)) throw unavailable('the connection was reset during the upload')
    if (upload === 'create' && this.#strikes(this.#toxics.conflicting)) throw unavailable('409 Conflict')
    if (this.#strikes(this.#toxics.duplicated)) {
      await act().catch(() => undefined)
      await this.#travel()
    }
    const lost = this.#strikes(this.#toxics.lostReply)
    const reply = act()
    if (lost) {
      await reply.catch(() => undefined)
      await this.#travel()
      throw unavailable('the reply was lost')
    }
    try {
      return await reply
    } finally {
      await this.#travel()
    }
  }

  #arriveLater(act: () => Promise<unknown>): void {
    this.onTheirWay++
    const arrive = async (): Promise<void> => {
      await this.#clock.sleep(1 + this.#random() * LONGEST_DELAY_MS)
      await act().catch(() => undefined)
      this.onTheirWay--
    }
    void arrive()
  }

  async #crash<T>(act: () => Promise<T>): Promise<T> {
    this.crashed = true
    if (this.#random() < 0.5) await act().catch(() => undefined)
    this.#onCrash()
    return NEVER
  }

  #travel(): Promise<void> {
    return this.#clock.sleep(1 + Math.floor(this.#random() * 20))
  }

  #strikes(probability: number): boolean {
    return probability > 0 && this.#random() < probability
  }
}

const LONGEST_DELAY_MS = 500
const NEVER: Promise<never> = new Promise(() => undefined)

function unavailable(reason: string, maybeStored = true): DeltaError {
  return new DeltaError('StorageUnavailable', `Simulated: ${reason}.`, { details: { maybeStored } })
}
