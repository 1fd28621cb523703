import { isDeltaError } from '../errors/delta-error.js'
import { abortedError } from '../runtime/aborted.js'
import type { Runtime } from '../runtime/runtime.js'

/** What {@link withRetries} needs of a runtime. */
export type RetryRuntime = Pick<Runtime, 'clock' | 'random'>

/**
 * Repeats an attempt that fails with StorageUnavailable, up to six times in all, with full-jitter exponential backoff
 * (3 s of waiting at most). Only for attempts that may be carried out twice.
 *
 * @throws the error of the last attempt; Aborted where the signal fires during a wait.
 */
export async function withRetries<T>(
  runtime: RetryRuntime,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isDeltaError(error, 'StorageUnavailable') || failures + 1 >= ATTEMPTS) throw error
    }
    await backOff(runtime, failures, signal)
  }
}

/**
 * Waits after that many failures before this one: uniformly below a bound that begins at 0.1 s and doubles, at most 10 s.
 *
 * @throws Aborted
 */
export async function backOff(
  { clock, random }: RetryRuntime,
  failures: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await clock.sleep(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures), signal)
  } catch (error) {
    throw signal?.aborted ? abortedError(signal, 'The request') : error
  }
}

const ATTEMPTS = 6
const FIRST_MS = 100
const LONGEST_MS = 10_000
