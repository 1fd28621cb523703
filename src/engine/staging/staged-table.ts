import type { AddFile, PartitionValues } from '../../protocol/actions/action.js'
import type { RowSet } from '../../protocol/deletion-vector/row-set.js'

/** A data file of a table, on local disk. */
export interface StagedFile {
  readonly localPath: string
  readonly partitionValues: PartitionValues
  /** Positions of the rows that a deletion vector takes out. */
  readonly deletedRows?: RowSet
  /** See {@link AddFile.baseRowId}. */
  readonly baseRowId?: number
  readonly defaultRowCommitVersion?: number
}

/** The files of a plan on local disk, for as long as they are not released. */
export interface StagedTable {
  readonly files: readonly StagedFile[]
  /** The folders that they lie in, at any depth; symbolic links resolved. */
  readonly directories: ReadonlySet<string>
  /** The columns that the files hold bytes for; absent: all. */
  readonly availableColumns?: ReadonlySet<string>
  release(): void
}
