import { isDeltaError } from '../errors/delta-error.js'

/**
 * Something that is loaded when first asked for, once for all who ask. A load that failed is tried again by the next one who asks; a load that
 * ended because the signal of the one who began it fired is begun anew by another one who waits for it.
 */
export class SharedLoad<T> {
  readonly #load: (signal?: AbortSignal) => Promise<T>
  #running: Promise<T> | undefined

  constructor(load: (signal?: AbortSignal) => Promise<T>) {
    this.#load = load
  }

  async get(signal?: AbortSignal): Promise<T> {
    for (;;) {
      const running = this.#running
      if (running === undefined) return this.#start(signal)
      try {
        return await running
      } catch (error) {
        if (!isDeltaError(error, 'Aborted') || signal?.aborted) throw error
      }
    }
  }

  #start(signal: AbortSignal | undefined): Promise<T> {
    const running = this.#load(signal)
    this.#running = running
    running.catch(() => {
      this.#running = undefined
    })
    return running
  }
}
