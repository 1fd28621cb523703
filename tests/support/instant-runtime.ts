import { type Runtime, systemRuntime } from '../../src/runtime/runtime.js'

/** A runtime whose waits are over at once; how long they would have been stands in `waits`, in milliseconds. */
export function instantRuntime(): Runtime & { readonly waits: number[] } {
  const waits: number[] = []
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    waits.push(ms)
  }
  return { ...systemRuntime, clock: { now: () => Date.now(), sleep }, random: () => 1, waits }
}
