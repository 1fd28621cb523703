import { bindPredicate } from '../../expressions/bind.js'
import { mightMatch } from '../../expressions/might-match.js'
import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import { fileBounds } from '../../scan/file-bounds.js'
import type { PendingCommit } from '../pending-commit.js'

/**
 * Whether an operation would have read a file of a winner. False only where that is certain, by the file's partition values and statistics; a file
 * without them counts as read.
 */
export function mayMatchRead({ read, base }: PendingCommit, file: AddFile | RemoveFile): boolean {
  if (read.wholeTable === true) return true
  if (read.predicate === undefined) return false
  const bound = bindPredicate(read.predicate, base.schema)
  return mightMatch(bound, fileBounds(base, file, bound))
}
