import { DeltaError } from '../../errors/delta-error.js'
import type { PendingCommit } from '../pending-commit.js'
import type { WinningCommit } from '../winning-commit.js'
import { concurrentAppend } from './concurrent-append.js'
import { concurrentDeleteDelete } from './concurrent-delete-delete.js'
import { concurrentDeleteRead } from './concurrent-delete-read.js'
import { concurrentDomain } from './concurrent-domain.js'
import { concurrentTransaction } from './concurrent-transaction.js'
import type { ConflictRule } from './conflict-rule.js'
import { metadataChanged } from './metadata-changed.js'
import { protocolChanged } from './protocol-changed.js'

/** The conflict matrix, in the order in which it is gone through: the first rule that finds a conflict names it. */
const CONFLICT_RULES: readonly ConflictRule[] = [
  protocolChanged,
  metadataChanged,
  concurrentDomain,
  concurrentTransaction,
  concurrentAppend,
  concurrentDeleteRead,
  concurrentDeleteDelete,
]

/**
 * Passes if the pending commit may follow the winner as if it had read the table after it. The error of the first rule that says no: it names the
 * version that won, its operation, and what to do.
 */
export function checkConflicts(pending: PendingCommit, winner: WinningCommit): void {
  for (const rule of CONFLICT_RULES) {
    const conflict = rule.find(pending, winner)
    if (conflict === undefined) continue
    const operation = winner.info?.operation ?? 'an unknown operation'
    throw new DeltaError(
      rule.code,
      `${pending.operation} on ${pending.base.location.url} was read at version ${pending.base.version} and cannot be committed: version ${winner.version} (${operation}) ${conflict.what}. ${rule.help}`,
      {
        details: {
          table: pending.base.location.url,
          readVersion: pending.base.version,
          version: winner.version,
          winningOperation: operation,
          ...(conflict.path === undefined ? {} : { path: conflict.path }),
        },
      },
    )
  }
}
