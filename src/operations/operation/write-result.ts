import type { AddFile } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/** What a write did. */
export interface WriteResult {
  /** The version that the table has now. */
  readonly version: number
  /** In Delta's words: `WRITE`, `CREATE TABLE`, `OPTIMIZE`, `RESTORE`. */
  readonly operation: string
  /** Counts and sizes by Spark's names: `numFiles`, `numOutputRows`, `numOutputBytes`, ... */
  readonly metrics: { readonly [name: string]: number }
  /** True where there was nothing to do, or where the load of `txn` had been committed before: no version was written. */
  readonly skipped?: boolean
}

/** A result, and the table as it stands after it for the handle to keep. */
export interface Written {
  readonly result: WriteResult
  readonly snapshot: Snapshot
  /** Files that came in with the rows of a write. */
  readonly added?: readonly AddFile[]
}
