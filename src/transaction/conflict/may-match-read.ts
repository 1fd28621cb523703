import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import type { PendingCommit } from '../pending-commit.js'

/** Whether an operation would have read a file of a winner. False only where that is certain. */
export function mayMatchRead({ read }: PendingCommit, _file: AddFile | RemoveFile): boolean {
  return read.wholeTable === true || read.predicate !== undefined
}
