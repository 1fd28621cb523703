import { DeltaError } from '../errors/delta-error.js'

/** The Aborted error of a signal that fired; its reason is kept as the cause. */
export function abortedError(signal: AbortSignal | undefined, what = 'The operation'): DeltaError {
  return new DeltaError('Aborted', `${what} was aborted.`, { cause: signal?.reason })
}

/** Throws Aborted if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, what?: string): void {
  if (signal?.aborted) throw abortedError(signal, what)
}
