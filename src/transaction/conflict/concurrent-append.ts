import type { AddFile } from '../../protocol/actions/action.js'
import type { PendingCommit } from '../pending-commit.js'
import type { WinningCommit } from '../winning-commit.js'
import type { ConflictRule } from './conflict-rule.js'
import { mayMatchRead } from './may-match-read.js'

/** A winner that added rows that this operation would have read. */
export const concurrentAppend: ConflictRule = {
  code: 'ConcurrentAppend',
  help: 'Repeat the operation, or narrow its condition to partitions that are not written to at the same time.',
  find(pending, winner) {
    const unread = addsThatMatter(pending, winner).find((add) => mayMatchRead(pending, add))
    return unread === undefined
      ? undefined
      : { what: `added rows that it should have read, in ${unread.path}`, path: unread.path }
  },
}

/**
 * WriteSerializable lets blind appends pass as if they came later; files that only rearrange rows hold nothing new. A change of the metadata
 * is checked in full, for what was appended under the old one counts.
 */
function addsThatMatter(pending: PendingCommit, winner: WinningCommit): readonly AddFile[] {
  if (pending.isolation === 'SnapshotIsolation') return []
  const overlooked = winner.isBlindAppend && pending.isolation === 'WriteSerializable' && pending.metadata === undefined
  return overlooked ? [] : winner.adds.filter((add) => add.dataChange)
}
