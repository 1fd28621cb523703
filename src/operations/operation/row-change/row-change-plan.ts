import type { ScanCounts } from '../../../scan/scan-plan.js'
import type { WriteResult } from '../write-result.js'
import type { DecidedFile } from './decide-files.js'

/** What a change of rows would do. */
export interface RowChangePlan {
  /** Files of the table, and those that are looked into. */
  readonly scan: ScanCounts
  readonly filesRemoved: number
  readonly filesRewritten: number
  readonly filesGivenDeletionVector: number
  /** The share of rows from which on a file is rewritten; null where the table has no deletion vectors. */
  readonly rewriteShare: number | null
  readonly rowsDeleted: number
  readonly rowsUpdated: number
  readonly rowsInserted: number
  /** Rows that stay and are copied to new files. */
  readonly rowsCopied: number
}

/** What a delete, an update or a merge did; with `dryRun`, what it would do. */
export interface RowChangeResult extends WriteResult {
  /** With `dryRun`. */
  readonly plan?: RowChangePlan
}

export function countFates(files: readonly DecidedFile[]): {
  readonly filesRemoved: number
  readonly filesRewritten: number
  readonly filesGivenDeletionVector: number
  readonly rowsCopied: number
} {
  const count = (fate: DecidedFile['fate']): number => files.filter((file) => file.fate === fate).length
  return {
    filesRemoved: count('remove'),
    filesRewritten: count('rewrite'),
    filesGivenDeletionVector: count('vector'),
    rowsCopied: files.reduce((rows, { fate, left }) => rows + (fate === 'rewrite' ? (left ?? 0) : 0), 0),
  }
}
