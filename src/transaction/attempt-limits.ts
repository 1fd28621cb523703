import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { throwIfAborted } from '../runtime/aborted.js'
import type { Runtime } from '../runtime/runtime.js'
import type { CommitOptions } from './transaction.js'

const MAX_ATTEMPTS = 1000
const TIMEOUT_MS = 300_000
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 5000

/** How often and how long a commit is tried, and how long it waits between tries. One a commit. */
export class AttemptLimits {
  attempts = 0
  private readonly what: string
  private readonly runtime: Runtime
  private readonly signal: AbortSignal | undefined
  private readonly maxAttempts: number
  private readonly deadline: number
  private readonly start: number
  private pauses = 0

  /** @param what begins messages: the operation and the table. */
  constructor(what: string, runtime: Runtime, options: CommitOptions) {
    this.what = what
    this.runtime = runtime
    this.signal = options.signal
    this.maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS
    this.start = runtime.clock.now()
    this.deadline = this.start + (options.timeoutMs ?? TIMEOUT_MS)
  }

  /** Counts a try. Aborted, TooManyCommitAttempts, or StorageUnavailable if it was the storage that refused the last one. */
  next(refusal: unknown): void {
    throwIfAborted(this.signal, this.what)
    if (this.attempts === 0 || !this.exhausted) {
      this.attempts++
      return
    }
    const tried = `${this.what} was not committed after ${this.attempts} tries in ${this.runtime.clock.now() - this.start} ms`
    if (refusal !== undefined) {
      throw new DeltaError(
        'StorageUnavailable',
        `${tried}: ${errorText(refusal)}. Nothing was written; repeat it when the storage answers.`,
        {
          cause: refusal,
        },
      )
    }
    throw new DeltaError(
      'TooManyCommitAttempts',
      `${tried}: other writers were faster each time. Nothing was written; repeat it, or let fewer writers commit at once.`,
      { details: { attempts: this.attempts } },
    )
  }

  /** Whether another try would be one too many. */
  get exhausted(): boolean {
    return this.attempts >= this.maxAttempts || this.runtime.clock.now() >= this.deadline
  }

  /** Waits, longer each time, a random part of it so that writers who met do not meet again. Aborted if the signal fires. */
  async pause(signal: AbortSignal | undefined = this.signal): Promise<void> {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.pauses++, LONGEST_PAUSE_MS)
    try {
      await this.runtime.clock.sleep(longest * this.runtime.random(), signal)
    } catch (error) {
      throwIfAborted(signal, this.what)
      throw error
    }
  }

  /** A try that met another writer instead of trouble: the next trouble starts with short pauses again. */
  resetPauses(): void {
    this.pauses = 0
  }
}
