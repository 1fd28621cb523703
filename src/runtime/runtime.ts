import { type Clock, systemClock } from './clock.js'
import { type Observer, silentObserver } from './observer.js'

/** All that is not deterministic, in one place: operations take it as an argument and never reach for globals. */
export interface Runtime {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** A fresh UUID, lower case. */
  readonly uuid: () => string
  readonly observer: Observer
}

export const systemRuntime: Runtime = {
  clock: systemClock,
  random: Math.random,
  uuid: () => crypto.randomUUID(),
  observer: silentObserver,
}
