import type { Clock } from '../../src/runtime/clock.js'

interface Timer {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** How many idle turns of the event loop mean that nobody will ever set a timer again. */
const IDLE_TURNS = 2_000

/**
 * Time that passes only when everybody waits. All that happens in a run happens between two timers, in the order that
 * the seed gave them, so a run repeats exactly.
 */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  #timers: Timer[] = []

  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.#timers.push({ at: this.#now + Math.max(0, ms), order: this.#order++, fire: resolve })
    })
  }

  /** Lets time pass until `done` says so. Fails when nobody waits for a timer and it is still not done. */
  async runUntil(done: () => boolean): Promise<void> {
    let idle = 0
    while (true) {
      await new Promise((resolve) => setImmediate(resolve))
      if (done()) return
      const next = this.#takeEarliest()
      if (next === undefined) {
        if (++idle > IDLE_TURNS) throw new Error('The simulation is stuck: somebody waits for what never comes.')
        continue
      }
      idle = 0
      this.#now = Math.max(this.#now, next.at)
      next.fire()
    }
  }

  #takeEarliest(): Timer | undefined {
    let best = -1
    for (let i = 0; i < this.#timers.length; i++) {
      const timer = this.#timers[i] as Timer
      const leader = this.#timers[best]
      if (leader === undefined || timer.at < leader.at || (timer.at === leader.at && timer.order < leader.order))
        best = i
    }
    return best < 0 ? undefined : this.#timers.splice(best, 1)[0]
  }
}
