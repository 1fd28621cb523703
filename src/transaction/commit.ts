import { AttemptLimits } from './attempt-limits.js'
import { checkLogKept } from './check-log-kept.js'
import { commitAttempts } from './commit-attempts.js'
import { runPostCommitHooks } from './hooks/run-post-commit-hooks.js'
import type { CommitFunction } from './transaction.js'

/**
 * Commits what an operation prepared on the version after `base`, or, if others were faster and what they did does not matter to it, on a later one.
 * One PUT and no read where nobody is in the way. The result's snapshot costs no read either.
 *
 * With `txn` it is idempotent: a transaction of that application with this version or a later one makes it a no-op (`skipped`).
 *
 * Errors: ConcurrentAppend, ConcurrentDeleteRead, ConcurrentDeleteDelete, ConcurrentTransaction, MetadataChanged, ProtocolChanged (a winner excludes
 * it), ConcurrentModification, TooManyCommitAttempts, StorageUnavailable, Aborted, UnsupportedFeature, AppendOnlyTable: nothing was written. CommitStateUnknown: a
 * reply was lost and the storage does not say what became of the commit.
 */
export const commit: CommitFunction = async (base, prepared, options = {}) => {
  const { txn } = prepared
  const seen = txn === undefined ? undefined : await base.transactionVersion(txn.appId, options.signal)
  if (txn !== undefined && seen !== undefined && seen >= txn.version) {
    return { version: base.version, attempts: 0, skipped: true, snapshot: base }
  }
  await checkLogKept(base, options.signal)
  const what = `${prepared.operation} on ${base.location.url}`
  const limits = new AttemptLimits(what, base.location.runtime, options)
  const { snapshot, actions, skipped } = await commitAttempts(base, prepared, limits, options.signal)
  const result = { version: snapshot.version, attempts: limits.attempts, snapshot }
  if (skipped) return { ...result, skipped }
  await runPostCommitHooks({ snapshot, actions }, options.signal)
  return result
}
