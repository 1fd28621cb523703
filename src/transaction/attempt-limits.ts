import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { throwIfAborted } from '../runtime/aborted.js'
import type { Runtime } from '../runtime/runtime.js'
import type { CommitOptions } from './transaction.js'

const MAX_ATTEMPTS = 1000
const TIMEOUT_MS = 300_000
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 5000
/** A writer that lost this often waits longest; who lost more often has waited for others, and waits less and less. */
const MOST_TURNS = 4
/** A race or two is lost by having looked too early: the next try knows better, and waiting would not help it. */
const LOSSES_WITHOUT_WAIT = 2

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
  private tryStart = 0
  private fastestTry = Number.POSITIVE_INFINITY

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
      this.tryStart = this.runtime.clock.now()
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

  /** After trouble with the storage: waits, longer each time, a random part of it. Aborted if the signal fires. */
  async pause(): Promise<void> {
    await this.sleep(this.nextPause())
  }

  /** As {@link AttemptLimits.pause}, to the end, for what must be known even after the signal fired. */
  async pauseUnaborted(): Promise<void> {
    await this.runtime.clock.sleep(this.nextPause() * this.runtime.random())
  }

  /**
   * After a lost race: waits up to as many tries as were lost in a row. A try takes as long as the storage does, so writers on a slow one keep
   * out of each other's way as well as on a fast one. The fastest try counts: one that took long for other reasons is no measure. Who lost again and
   * again has waited enough: others would be faster for ever while it waits.
   */
  async yieldTurn(losses: number): Promise<void> {
    this.fastestTry = Math.min(this.fastestTry, Math.max(1, this.runtime.clock.now() - this.tryStart))
    const turns = losses <= LOSSES_WITHOUT_WAIT ? 0 : Math.min(losses, 2 * MOST_TURNS - losses)
    if (turns > 0) await this.sleep(this.fastestTry * turns)
  }

  private nextPause(): number {
    return Math.min(FIRST_PAUSE_MS * 2 ** this.pauses++, LONGEST_PAUSE_MS)
  }

  private async sleep(longest: number): Promise<void> {
    try {
      await this.runtime.clock.sleep(longest * this.runtime.random(), this.signal)
    } catch (error) {
      throwIfAborted(this.signal, this.what)
      throw error
    }
  }
}
