import { DeltaError } from '../errors/delta-error.js'
import { tryCommit } from '../log/try-commit.js'
import type { Action, Metadata, Protocol } from '../protocol/actions/action.js'
import { LOG_PREFIX, parseLogKey } from '../protocol/log-path.js'
import { openSnapshot } from '../snapshot/open-snapshot.js'
import type { TableLocation } from '../storage/table-location.js'
import { AttemptLimits } from './attempt-limits.js'
import { ordered } from './build-commit.js'
import { CommitInDoubt } from './commit-in-doubt.js'
import { commitInfo, rowTrackingTags } from './commit-info.js'
import { actionsOf } from './file-actions.js'
import { readBack } from './read-back.js'
import { hasInCommitTimestamps } from './rebase/in-commit-timestamp.js'
import { assignRowIds, assignsRowIds, nameRowTrackingColumns } from './rebase/row-tracking.js'
import { checkRequirements } from './requirements/check-requirements.js'
import type { CommitOptions, CommitResult, PreparedCommit } from './transaction.js'

/**
 * Commits version 0 of a new table. `prepared.actions` hold its protocol and its metadata, and its first files if there are any.
 *
 * TableAlreadyExists if there is a table, be it one whose first commits were cleaned up or one that somebody made a moment ago. Otherwise errors as `commit`.
 */
export async function createTable(
  location: TableLocation,
  prepared: PreparedCommit,
  options: CommitOptions = {},
): Promise<CommitResult> {
  const { signal } = options
  await checkNoTable(location, signal)
  const limits = new AttemptLimits(`${prepared.operation} on ${location.url}`, location.runtime, options)
  const doubt = new CommitInDoubt(location)
  try {
    await tryToCreate(location, prepared, limits, doubt, signal)
  } catch (error) {
    throw doubt.errorOf(error)
  }
  const snapshot = await openSnapshot(location, { version: 0 })
  return { version: 0, attempts: limits.attempts, snapshot }
}

async function tryToCreate(
  location: TableLocation,
  prepared: PreparedCommit,
  limits: AttemptLimits,
  doubt: CommitInDoubt,
  signal: AbortSignal | undefined,
): Promise<void> {
  const txnId = location.runtime.uuid()
  let refusal: unknown
  for (;;) {
    limits.next(refusal)
    const outcome = await tryCommit(location, 0, await firstCommit(location, prepared, txnId), signal)
    if (outcome.status === 'committed') return
    if (outcome.status !== 'retryable') {
      const there = await readBack(location, outcome, limits, signal)
      if (there?.info?.txnId === txnId) return
      if (there !== undefined) {
        doubt.end()
        throw tableAlreadyExists(location)
      }
      doubt.begin(outcome)
    }
    refusal = outcome.status === 'conflict' ? undefined : outcome.cause
    await limits.pause()
  }
}

async function firstCommit(
  location: TableLocation,
  prepared: PreparedCommit,
  txnId: string,
): Promise<readonly Action[]> {
  const { runtime } = location
  const { protocol, metadata } = describedTable(prepared)
  await checkRequirements(prepared.actions, { protocol, metadata, domains: async () => new Map() })
  const now = runtime.clock.now()
  let actions = prepared.actions
  if (assignsRowIds(protocol, metadata))
    actions = nameRowTrackingColumns(assignRowIds(actions, new Map(), 0), runtime.uuid)
  const inCommitTimestamp = hasInCommitTimestamps(protocol, metadata) ? now : undefined
  const info = commitInfo({ isolation: 'Serializable', isBlindAppend: true }, prepared, undefined, txnId, {
    now,
    inCommitTimestamp,
  })
  const transaction: readonly Action[] =
    prepared.txn === undefined ? [] : [{ type: 'txn', ...prepared.txn, lastUpdated: now }]
  return ordered([{ ...info, ...rowTrackingTags(protocol, actions) }, ...actions, ...transaction])
}

function describedTable({ actions }: PreparedCommit): { readonly protocol: Protocol; readonly metadata: Metadata } {
  const protocol = actionsOf(actions, 'protocol')[0]
  const metadata = actionsOf(actions, 'metaData')[0]
  if (protocol !== undefined && metadata !== undefined) return { protocol, metadata }
  throw new DeltaError(
    'Internal',
    'A new table needs a protocol and metadata. This is a defect of lakewright; please report it.',
  )
}

/** A listing, because version 0 may have been cleaned up: creating it anew would wreck the table. */
async function checkNoTable(location: TableLocation, signal: AbortSignal | undefined): Promise<void> {
  for await (const { key } of location.store.list(LOG_PREFIX, signal ? { signal } : {})) {
    const kind = parseLogKey(key)?.kind
    if (kind === 'commit' || kind?.endsWith('Checkpoint')) throw tableAlreadyExists(location)
  }
}

function tableAlreadyExists(location: TableLocation): DeltaError {
  return new DeltaError(
    'TableAlreadyExists',
    `There is a Delta table at ${location.url} already. Open it, or choose another place.`,
    { details: { table: location.url } },
  )
}
