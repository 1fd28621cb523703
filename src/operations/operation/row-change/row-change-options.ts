import type { TransactionId } from '../../../transaction/transaction.js'
import type { FileSizing } from '../new-files-target.js'
import type { OperationOptions } from '../operation-options.js'

/** What delete, update and merge take beside their own options. */
export interface RowChangeOptions extends OperationOptions, FileSizing {
  /** Finds out what would be done, and does not do it: the result has a `plan`. */
  readonly dryRun?: boolean | undefined
  /**
   * The share of a file's rows, from 0 to 1, from which on a file that loses them is written anew instead of getting a deletion vector. Default 0.75.
   * Tables without `delta.enableDeletionVectors` always get new files.
   */
  readonly rewriteShare?: number | undefined
  /** Makes the change idempotent: where this version (or a later one) of the application id is committed, nothing is done. */
  readonly txn?: TransactionId | undefined
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}
