import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import type { PendingCommit } from '../pending-commit.js'
import { maskedFiles } from '../rebase/masked-files.js'
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
  if (overlooked) return []
  const masked = onlyHides(winner) ? maskedFiles(winner.actions) : NONE
  return winner.adds.filter((add) => {
    const { remove } = masked.get(add.path) ?? {}
    const hidesMore = remove !== undefined && vectorRows(add) > vectorRows(remove)
    return add.dataChange && !hidesMore
  })
}

/** What these do to the deletion vector of a file is to hide more rows of it: a file that is put back has no new ones. A restore may show some again. */
const ROW_CHANGES: ReadonlySet<string | undefined> = new Set(['DELETE', 'UPDATE', 'MERGE'])

function onlyHides({ info }: WinningCommit): boolean {
  return ROW_CHANGES.has(info?.operation)
}

function vectorRows({ deletionVector }: AddFile | RemoveFile): number {
  return deletionVector?.cardinality ?? 0
}

const NONE: ReturnType<typeof maskedFiles> = new Map()
