import { DeltaError } from '../errors/delta-error.js'
import type { WriteResult } from '../operations/operation/write-result.js'
import type { Clock } from '../runtime/clock.js'
import { rowBytes } from './row-bytes.js'
import { type FlushLimits, flushLimits, type WriterOptions } from './writer-options.js'

/** Rows that wait for the next flush, and who waits for them. */
interface WaitingRows {
  readonly rows: readonly object[]
  readonly settle: (appended: Promise<WriteResult>) => void
}

/** How a writer adds rows to its table: calls of one turn share a commit. */
type Append = (rows: readonly object[]) => Promise<WriteResult>

/**
 * Takes rows one by one, or a few at a time, and appends them in commits of many: for streams of events, whose writers would else make a version of each. Made by
 * `table.writer()`.
 *
 * Rows are in the table when the promise of their `write` resolves, and not before. Close the writer (`await using` does), or the last rows wait for the interval.
 */
export class TableWriter<R extends object> implements AsyncDisposable {
  readonly #append: Append
  readonly #clock: Clock
  readonly #limits: FlushLimits
  #waiting: WaitingRows[] = []
  #rows = 0
  #bytes = 0
  #timer: AbortController | undefined
  readonly #onTheirWay = new Set<Promise<unknown>>()
  #failure: { readonly error: unknown } | undefined
  #isClosed = false

  /** @throws InvalidArgument */
  constructor(append: Append, clock: Clock, options: WriterOptions) {
    this.#append = append
    this.#clock = clock
    this.#limits = flushLimits(options)
  }

  /** Rows that were taken and are not in the table yet, those on their way not counted. */
  get waitingRows(): number {
    return this.#rows
  }

  /**
   * Takes a row, or some. The rows may not be changed until they are in.
   *
   * @returns the version that has them; one that nobody awaits may fail without harm, for `flush` and `close` tell of it too
   * @throws SchemaMismatch for these rows alone; the errors of `append` for all of a commit
   */
  write(rows: R | readonly R[]): Promise<WriteResult> {
    if (this.#isClosed) {
      return Promise.reject(new DeltaError('InvalidArgument', 'The writer is closed: open another for more rows.'))
    }
    const taken: readonly object[] = Array.isArray(rows) ? [...rows] : [rows]
    const result = new Promise<WriteResult>((settle) => this.#waiting.push({ rows: taken, settle }))
    result.catch((error) => {
      this.#failure ??= { error }
    })
    this.#rows += taken.length
    for (const row of taken) this.#bytes += rowBytes(row)
    if (this.#rows >= this.#limits.rows || this.#bytes >= this.#limits.bytes) this.#send()
    else if (this.#timer === undefined) this.#wait()
    return result
  }

  /**
   * Resolves when all rows taken so far are in the table.
   *
   * @throws the first error of a write since the last flush
   */
  async flush(): Promise<void> {
    this.#send()
    await Promise.allSettled(this.#onTheirWay)
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.error
  }

  /** Flushes, and takes no more. @throws as {@link TableWriter.flush} */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #wait(): void {
    const timer = new AbortController()
    this.#timer = timer
    this.#clock.sleep(this.#limits.ms, timer.signal).then(
      () => this.#send(),
      () => undefined,
    )
  }

  #send(): void {
    this.#timer?.abort()
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    this.#rows = 0
    this.#bytes = 0
    for (const { rows, settle } of waiting) {
      const appended = this.#append(rows)
      settle(appended)
      this.#onTheirWay.add(appended)
      const forget = (): void => void this.#onTheirWay.delete(appended)
      appended.then(forget, forget)
    }
  }
}
