import type { Action, AddFile, Metadata, Protocol } from '../../protocol/actions/action.js'
import type { JsonValue } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { IsolationLevel, ReadSet } from '../../transaction/transaction.js'
import type { OperationOptions } from '../operation/operation-options.js'

export interface AlterOptions extends OperationOptions {
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}

/** What an alteration commits. */
export interface AlteredTable {
  /** In Delta's words: `ADD COLUMNS`, `SET TBLPROPERTIES`, ... */
  readonly operation: string
  readonly operationParameters: { readonly [name: string]: JsonValue }
  readonly metadata?: Metadata
  readonly protocol?: Protocol
  readonly actions?: readonly Action[]
  /** Files that were put for it: they are deleted where it cannot be committed. */
  readonly written?: readonly AddFile[]
  readonly metrics?: { readonly [name: string]: number }
  /** Rows that are written anew keep their ids. */
  readonly rowIdsKept?: boolean
  /** Default: nothing of the rows was looked at, so that rows which others add in the meantime are welcome. */
  readonly read?: ReadSet
  /** `Serializable` where the rows were looked at: not even a blind append may come between. */
  readonly isolation?: IsolationLevel
  /** It is a step only: the alteration is worked out again on the version that it makes. */
  readonly isUnfinished?: boolean
}

/**
 * One alteration of a table, worked out on a version of it; anew on a newer one where somebody else was faster. Answers the operation alone where the table is that way already.
 */
export type TableChange = (snapshot: Snapshot, options: AlterOptions) => AlteredTable | Promise<AlteredTable>
