import type { AppendOptions } from '../../operations/append.js'
import type { PreparedWrite } from '../../operations/operation/commit-write.js'
import type { RowsInput } from '../../operations/operation/rows-input.js'
import type { WriteResult } from '../../operations/operation/write-result.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/** An append that a caller waits for. */
export interface PendingAppend {
  readonly rows: RowsInput
  readonly options: AppendOptions
  readonly resolve: (result: WriteResult) => void
  readonly reject: (error: unknown) => void
}

/** An append whose rows lie in the files that it is about to commit. */
export interface PreparedMember {
  readonly append: PendingAppend
  /** What it is told: where files are shared, the rows are its own, and the rest is of the files. */
  readonly metrics: WriteResult['metrics']
}

/** Data files of one append, or of several whose rows share them, that no version has yet. */
export interface PreparedAppend {
  /** What the files were written for. */
  readonly base: Snapshot
  readonly write: PreparedWrite
  readonly members: readonly PreparedMember[]
}
