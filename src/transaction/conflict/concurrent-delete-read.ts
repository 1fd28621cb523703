import type { ConflictRule } from './conflict-rule.js'
import { mayMatchRead } from './may-match-read.js'

/** A winner that removed rows that this operation has read. A file that was only rewritten elsewhere still holds what was read. */
export const concurrentDeleteRead: ConflictRule = {
  code: 'ConcurrentDeleteRead',
  help: 'Refresh the table and repeat the operation.',
  find(pending, winner) {
    const { read } = pending
    const files = read.files === undefined ? undefined : new Set(read.files)
    const gone = winner.removes.find(
      (remove) => remove.dataChange && (read.wholeTable || (files?.has(remove.path) ?? mayMatchRead(pending, remove))),
    )
    return gone === undefined ? undefined : { what: `removed rows that it read, in ${gone.path}`, path: gone.path }
  },
}
