import { isDeltaError } from '../../errors/delta-error.js'
import type { AppendOptions } from '../../operations/append.js'
import type { PreparedWrite } from '../../operations/operation/commit-write.js'
import type { RowsInput } from '../../operations/operation/rows-input.js'
import type { WriteResult } from '../../operations/operation/write-result.js'
import { abortedError } from '../../runtime/aborted.js'
import { takeGroup } from './commit-group.js'
import type { HeldTable } from './held-table.js'
import type { PendingAppend, PreparedAppend, PreparedMember } from './pending-append.js'
import { mayShareRows, type RowsAppend } from './shared-rows.js'
import { sharedSignal } from './shared-signal.js'

/** Data files of shared rows that are written at once; what arrives meanwhile gathers for the next. */
const MOST_PREPARING = 2
/** Rows that share data files. */
const MOST_SHARED_ROWS = 65_536

/**
 * The appends of one handle. Those that are issued together, or while others are on their way, share a commit, and small ones data files too: so the rate of
 * appends is not bound by the round trips of a commit. An append that is alone waits for nobody.
 *
 * Each caller gets its own answer: a row that does not fit fails the append that it came with, and no other. A caller that gives up does not end what others wait
 * for: its append ends with Aborted if its rows were not on their way yet.
 */
export class AppendQueue {
  readonly #table: HeldTable
  #arrivals: RowsAppend[] = []
  #isGathering = false
  #preparing = 0
  readonly #prepared: PreparedAppend[] = []
  #isCommitting = false

  constructor(table: HeldTable) {
    this.#table = table
  }

  append(rows: RowsInput, options: AppendOptions): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      const append: PendingAppend = { rows, options, resolve, reject }
      if (mayShareRows(append, this.#table.snapshot())) this.#arrive(append)
      else void this.#prepare([append])
    })
  }

  #arrive(append: RowsAppend): void {
    this.#arrivals.push(append)
    if (this.#isGathering) return
    this.#isGathering = true
    // Callers that append in one turn of the event loop are all here after it.
    queueMicrotask(() => {
      this.#isGathering = false
      this.#prepareArrivals()
    })
  }

  #prepareArrivals(): void {
    while (this.#arrivals.length > 0 && this.#preparing < MOST_PREPARING) {
      const appends = this.#takeArrivals()
      if (appends.length === 0) continue
      this.#preparing++
      void this.#prepare(appends).finally(() => {
        this.#preparing--
        this.#prepareArrivals()
      })
    }
  }

  #takeArrivals(): RowsAppend[] {
    let rows = 0
    let count = 0
    while (count < this.#arrivals.length && rows < MOST_SHARED_ROWS) rows += this.#arrivals[count++]?.rows.length ?? 0
    const taken = this.#arrivals.splice(0, count)
    for (const append of taken.filter(isAborted)) append.reject(abortedError(append.options.signal, 'The append'))
    return taken.filter((append) => !isAborted(append))
  }

  /** Writes the data files of one append, or those that several share, and settles those that go no further. */
  async #prepare(appends: readonly [PendingAppend] | readonly RowsAppend[]): Promise<void> {
    const base = this.#table.snapshot()
    try {
      const { prepareAppend, nothingAppended } = await import('../../operations/append.js')
      const write = await prepareAppend(base, ...inputOf(appends))
      if (write === undefined) for (const { resolve } of appends) resolve(nothingAppended(base).result)
      else void this.#commit({ base, write, members: membersOf(appends, write) })
    } catch (error) {
      if (appends.length > 1 && isDeltaError(error) && error.kind === 'invalid') {
        // Somebody's rows do not fit: the halves find out whose.
        const shared = appends as readonly RowsAppend[]
        const middle = shared.length >> 1
        await Promise.all([this.#prepare(shared.slice(0, middle)), this.#prepare(shared.slice(middle))])
      } else {
        for (const { reject } of appends) reject(error)
      }
    }
  }

  /** One commit at a time: what is prepared meanwhile shares the next. */
  async #commit(append: PreparedAppend): Promise<void> {
    this.#prepared.push(append)
    if (this.#isCommitting) return
    this.#isCommitting = true
    const { commitTogether } = await import('./commit-together.js')
    while (this.#prepared.length > 0) await commitTogether(this.#table, takeGroup(this.#prepared))
    this.#isCommitting = false
  }
}

/** What is to be appended, and how. */
function inputOf(appends: readonly [PendingAppend] | readonly RowsAppend[]): [RowsInput, AppendOptions] {
  const [{ rows, options }] = appends as readonly [PendingAppend]
  if (appends.length === 1) return [rows, options]
  const signal = sharedSignal(appends.map((append) => append.options.signal))
  return [(appends as readonly RowsAppend[]).flatMap((append) => append.rows), signal === undefined ? {} : { signal }]
}

function membersOf(
  appends: readonly [PendingAppend] | readonly RowsAppend[],
  { metrics }: PreparedWrite,
): readonly PreparedMember[] {
  const [first] = appends as readonly [PendingAppend]
  if (appends.length === 1) return [{ append: first, metrics }]
  return (appends as readonly RowsAppend[]).map((append) => ({
    append,
    metrics: { ...metrics, numOutputRows: append.rows.length },
  }))
}

function isAborted({ options }: PendingAppend): boolean {
  return options.signal?.aborted === true
}
