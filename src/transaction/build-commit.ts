import type { Action, SetTransaction } from '../protocol/actions/action.js'
import { commitKey } from '../protocol/log-path.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { commitInfo, rowTrackingTags } from './commit-info.js'
import type { PendingCommit } from './pending-commit.js'
import { hasInCommitTimestamps, nextInCommitTimestamp, recordEnablement } from './rebase/in-commit-timestamp.js'
import { assignRowIds, assignsRowIds } from './rebase/row-tracking.js'
import { checkRequirements } from './requirements/check-requirements.js'
import type { PreparedCommit } from './transaction.js'

/** The actions of one try, and the time that the version will have if it lands. */
export interface BuiltCommit {
  readonly actions: readonly Action[]
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

/** What is the same for every try of a commit. */
export interface CommitIdentity {
  readonly txnId: string
  /** When it was first tried: the time that it bears, so that tries differ no more than they must. Milliseconds since the epoch. */
  readonly began: number
}

/** Where the actions of each kind stand in a commit; those that are not named follow in their own order. */
const ORDER: readonly Action['type'][] = ['commitInfo', 'protocol', 'metaData', 'txn', 'domainMetadata']

/**
 * The commit that follows `base`: everything that depends on the version before it (row ids, in-commit timestamp, what the protocol asks for) is
 * derived anew from what the operation prepared, never from an earlier try.
 *
 * @param base the table just before the commit: what the operation read, brought forward over every winner.
 */
export async function buildCommit(
  pending: PendingCommit,
  prepared: PreparedCommit,
  base: Snapshot,
  { txnId, began }: CommitIdentity,
  signal?: AbortSignal,
): Promise<BuiltCommit> {
  const version = base.version + 1
  const table = {
    protocol: pending.protocol ?? base.protocol,
    metadata: pending.metadata ?? base.metadata,
    domains: () => base.domainMetadata(signal),
  }
  await checkRequirements(prepared.actions, table, prepared.rowIdsKept)
  const now = base.location.runtime.clock.now()
  let actions: readonly Action[] = [...prepared.actions, ...setTransaction(prepared, began)]
  if (assignsRowIds(table.protocol, table.metadata)) actions = assignRowIds(actions, await table.domains(), version)
  const inCommitTimestamp = hasInCommitTimestamps(table.protocol, table.metadata)
    ? nextInCommitTimestamp(now, await previousTime(base, signal))
    : undefined
  if (inCommitTimestamp !== undefined && !hasInCommitTimestamps(base.protocol, base.metadata)) {
    actions = recordEnablement(actions, version, inCommitTimestamp)
  }
  const info = {
    ...commitInfo(pending, prepared, pending.base.version, txnId, { now: began, inCommitTimestamp }),
    ...rowTrackingTags(table.protocol, prepared.actions, prepared.rowIdsKept),
  }
  return { actions: ordered([info, ...actions]), timestamp: inCommitTimestamp ?? Math.max(now, base.timestamp) }
}

/** By kind; the sort is stable, so that files keep their order. */
export function ordered(actions: readonly Action[]): readonly Action[] {
  const rank = ({ type }: Action): number => (ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length)
  return [...actions].sort((a, b) => rank(a) - rank(b))
}

function setTransaction({ txn }: PreparedCommit, now: number): readonly SetTransaction[] {
  return txn === undefined ? [] : [{ type: 'txn', appId: txn.appId, version: txn.version, lastUpdated: now }]
}

/**
 * The time of the commit before, which an in-commit timestamp must exceed. Before they are turned on that is the time of the commit's file, which
 * a snapshot that was brought forward in memory does not know.
 */
async function previousTime(base: Snapshot, signal: AbortSignal | undefined): Promise<number> {
  if (hasInCommitTimestamps(base.protocol, base.metadata)) return base.timestamp
  const { lastModified } = await base.location.store.head(commitKey(base.version), signal ? { signal } : {})
  return Math.max(base.timestamp, lastModified)
}
