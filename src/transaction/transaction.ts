import type { Predicate } from '../expressions/predicate.js'
import type { Action, DeletionVectorDescriptor } from '../protocol/actions/action.js'
import type { JsonValue } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'

export type IsolationLevel = 'Serializable' | 'WriteSerializable' | 'SnapshotIsolation'

/** Identifies a load, so that running it again is a no-op (PROTOCOL.md, "Transaction Identifiers"). */
export interface TransactionId {
  readonly appId: string
  /** Grows with each load; a `bigint` where it exceeds 2^53. */
  readonly version: number | bigint
}

/** What an operation read, for the conflict check. */
export interface ReadSet {
  /** The files that matched this were read; absent: no file was read (a blind append). */
  readonly predicate?: Predicate
  /** Paths (as in the log) of the files whose rows were read or rewritten. */
  readonly files?: readonly string[]
  /** The whole table was read. */
  readonly wholeTable?: boolean
}

/** A data file whose deletion vector an operation and a winner both replaced. */
export interface VectorChange {
  /** What both began with; undefined where no row was hidden. */
  readonly before: DeletionVectorDescriptor | undefined
  readonly mine: DeletionVectorDescriptor
  readonly theirs: DeletionVectorDescriptor
}

/** Writes deletion vectors that hide what both hide, in the order of the files; undefined where both hid the same row. */
type UniteVectors = (
  files: readonly VectorChange[],
  signal?: AbortSignal,
) => Promise<readonly DeletionVectorDescriptor[] | undefined>

/** What an operation wants to commit: plain data, no batches and no query engine. */
export interface PreparedCommit {
  /** In Delta's words: `WRITE`, `CREATE TABLE`, `OPTIMIZE`, `RESTORE`, ... */
  readonly operation: string
  readonly operationParameters: { readonly [name: string]: JsonValue }
  readonly operationMetrics: { readonly [name: string]: JsonValue }
  /** Every action but commitInfo and the txn of `txn`. */
  readonly actions: readonly Action[]
  readonly read: ReadSet
  readonly isolation?: IsolationLevel
  readonly txn?: TransactionId
  /**
   * Given by operations that read no rows but those that they hide, so that it does not matter to them which others are hidden: they may follow a winner that hid
   * other rows of the same files.
   */
  readonly uniteVectors?: UniteVectors
  /** Rows that moved to new files kept their row ids, where the table tracks rows. */
  readonly rowIdsKept?: boolean
  /** Free text for commitInfo. */
  readonly userMetadata?: string
}

export interface CommitOptions {
  readonly signal?: AbortSignal
  /** Default 1,000. */
  readonly maxAttempts?: number
  /** Default 300,000 ms. */
  readonly timeoutMs?: number
}

export interface CommitResult {
  readonly version: number
  /** How many versions were tried; 1 when nobody was in the way. */
  readonly attempts: number
  /** Set when `txn` had been committed before: nothing was written. */
  readonly skipped?: boolean
  /** The table as it stands after the commit, for the handle to keep. */
  readonly snapshot: Snapshot
}

/** What transaction/ exports: see commit.ts. `base` is the snapshot that the operation read; undefined creates a table at version 0. */
export type CommitFunction = (
  base: Snapshot,
  prepared: PreparedCommit,
  options?: CommitOptions,
) => Promise<CommitResult>
