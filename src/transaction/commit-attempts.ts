import { assertNever } from '../errors/assert-never.js'
import { isDeltaError } from '../errors/delta-error.js'
import { CommitFile } from '../log/commit-file.js'
import { tryCommit } from '../log/try-commit.js'
import type { Action } from '../protocol/actions/action.js'
import { advanceSnapshot } from '../snapshot/advance-snapshot.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import type { TableLocation } from '../storage/table-location.js'
import type { AttemptLimits } from './attempt-limits.js'
import { type BuiltCommit, buildCommit } from './build-commit.js'
import { CommitInDoubt } from './commit-in-doubt.js'
import { checkConflicts } from './conflict/conflict-checker.js'
import { pendingCommit } from './pending-commit.js'
import { readBack } from './read-back.js'
import { readWinners } from './read-winners.js'
import { uniteMasks } from './rebase/unite-masks.js'
import type { PreparedCommit } from './transaction.js'
import type { WinningCommit } from './winning-commit.js'

/** How a commit ended: it landed, or a transaction of the same application had brought its rows before. */
export interface Landed {
  readonly snapshot: Snapshot
  /** What the log holds. */
  readonly actions: readonly Action[]
  readonly skipped: boolean
}

/**
 * Tries version after version until the commit lands, a winner excludes it, or the limits are reached. Errors as `commit`.
 *
 * @param read the table as the operation saw it
 */
export async function commitAttempts(
  read: Snapshot,
  wanted: PreparedCommit,
  limits: AttemptLimits,
  signal?: AbortSignal,
): Promise<Landed> {
  const file = new CommitFile(read.location)
  const doubt = new CommitInDoubt(read.location)
  try {
    return await tryVersions(read, wanted, limits, { file, doubt }, signal)
  } catch (error) {
    throw doubt.errorOf(error)
  } finally {
    file.discard()
  }
}

async function tryVersions(
  read: Snapshot,
  wanted: PreparedCommit,
  limits: AttemptLimits,
  { file, doubt }: { readonly file: CommitFile; readonly doubt: CommitInDoubt },
  signal: AbortSignal | undefined,
): Promise<Landed> {
  const { location } = read
  const identity = { txnId: location.runtime.uuid(), began: location.runtime.clock.now() }
  const { txnId } = identity
  let prepared = wanted
  let pending = pendingCommit(read, prepared)
  let base = read
  let refusal: unknown
  for (let losses = 0; ; ) {
    limits.next(refusal)
    const built = await buildCommit(pending, prepared, base, identity, signal)
    const outcome = await tryCommit(location, base.version + 1, built.actions, signal, file)
    refusal = undefined
    let found: WinningCommit | undefined
    switch (outcome.status) {
      case 'committed':
        return landed(base, built)
      case 'retryable':
        refusal = outcome.cause
        await limits.pause()
        continue
      case 'unknown':
      case 'conflict':
        found = await readBack(location, outcome, limits, signal)
        if (found === undefined) {
          doubt.begin(outcome)
          refusal = outcome.status === 'unknown' ? outcome.cause : undefined
          await limits.pause()
          continue
        }
        doubt.end()
        break
      default:
        assertNever(outcome, 'commit outcome')
    }
    // Somebody's commit stands there: ours, if only the reply was lost, or another's. That must be known before a signal may end it.
    for await (const winner of winnersFrom(location, found)) {
      const next = follow(base, winner)
      if (winner.info?.txnId === txnId) return { snapshot: next, actions: winner.actions, skipped: false }
      if (isSeen(prepared, winner)) return { snapshot: next, actions: [], skipped: true }
      const united = await uniteMasks(prepared, winner, signal)
      if (united !== undefined) {
        prepared = united.prepared
        pending = pendingCommit(read, prepared)
      }
      checkConflicts(pending, united?.winner ?? winner)
      base = next
    }
    await limits.yieldTurn(++losses)
  }
}

/**
 * The commit that stands in the way and those after it that can be read now. One that cannot is met again by the next try: nothing is committed
 * beyond a version that was not looked at.
 */
async function* winnersFrom(
  location: TableLocation,
  first: WinningCommit,
): AsyncGenerator<WinningCommit, void, undefined> {
  yield first
  try {
    yield* readWinners(location, first.version + 1)
  } catch (error) {
    if (!isDeltaError(error, 'StorageUnavailable')) throw error
  }
}

function landed(base: Snapshot, { actions, timestamp }: BuiltCommit): Landed {
  return { snapshot: advanceSnapshot(base, base.version + 1, actions, timestamp), actions, skipped: false }
}

/** The table with a winner's commit; without in-commit timestamps its time is the writer's word, never before the version below. */
function follow(base: Snapshot, { version, actions, info }: WinningCommit): Snapshot {
  const timestamp = info?.inCommitTimestamp ?? Math.max(info?.timestamp ?? 0, base.timestamp)
  return advanceSnapshot(base, version, actions, timestamp)
}

/** Whether a winner, another instance of the same application, committed these rows or later ones. */
function isSeen({ txn }: PreparedCommit, winner: WinningCommit): boolean {
  return winner.actions.some(
    (action) => action.type === 'txn' && action.appId === txn?.appId && action.version >= txn.version,
  )
}
