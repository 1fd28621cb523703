import type { Predicate } from '../expressions/predicate.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'

/** How many files a plan keeps, and why the others went. */
export interface ScanCounts {
  readonly total: number
  readonly kept: number
  readonly prunedByPartition: number
  readonly prunedByStatistics: number
}

/**
 * What to read of one snapshot: plain data, no data file was opened to make it. Every row that matches `predicate` is
 * in `files`; rows that do not match may be there too, so whoever reads applies the predicate again.
 */
export interface ScanPlan {
  readonly snapshot: Snapshot
  /** The columns to deliver, in order: logical names; a subset of the snapshot's schema. */
  readonly schema: StructType
  /** Further columns that the predicate needs are in here too: what a reader has to open. */
  readonly readSchema: StructType
  readonly predicate?: Predicate
  readonly counts: ScanCounts
  /** Surviving files, in log order; each object is made when it is reached. */
  files(): Iterable<AddFile>
}
