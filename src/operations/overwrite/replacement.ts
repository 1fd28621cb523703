import type { AddFile } from '../../protocol/actions/action.js'
import type { ReadSet } from '../../transaction/transaction.js'

/** Which files give way to new ones. */
export interface Replacement {
  /** The condition as SQL, for the history. */
  readonly predicate?: string
  /** The files that the new ones replace. ConstraintViolated where a new file has rows that may not be there. */
  replacedBy(added: readonly AddFile[]): Promise<AddFile[]>
  /** What was read to find that out, for the conflict check. */
  readSet(added: readonly AddFile[], removed: readonly AddFile[]): ReadSet
}
