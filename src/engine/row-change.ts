import type { WriteTarget, WrittenFile } from '../data-files/write-target.js'
import type { Predicate } from '../expressions/predicate.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { RowSet } from '../protocol/deletion-vector/row-set.js'
import type { ScanPlan } from '../scan/scan-plan.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import type { AppliedRules } from './applied-rules.js'

/** A new value of a column, as SQL over the rows of the target and, where it has a counterpart, of the source. */
export interface ColumnValue {
  /** A column of the table, as the schema spells it. */
  readonly column: string
  readonly sql: string
  /** Made of quoted names and values: it need not be read to be trusted. */
  readonly isPlain?: boolean
  /** A column of the source as it is, so that it needs nothing of the table. */
  readonly isSource?: boolean
}

/**
 * What happens to some rows. Clauses of one kind are tried in order: the first whose condition is true counts for a row.
 *
 * - `matched`: rows of the table that match a row of the source; all rows where there is no source
 * - `notMatchedBySource`: rows of the table that match none
 * - `notMatched`: rows of the source that match none of the table
 */
export type RowClause =
  | { readonly rows: 'matched' | 'notMatchedBySource'; readonly action: 'delete'; readonly condition?: string }
  | {
      readonly rows: 'matched' | 'notMatchedBySource'
      readonly action: 'update'
      readonly condition?: string
      /** Columns that are not named keep their value. */
      readonly values: readonly ColumnValue[]
    }
  | {
      readonly rows: 'notMatched'
      readonly action: 'insert'
      readonly condition?: string
      /** Columns that are not named are null. */
      readonly values: readonly ColumnValue[]
    }

/** A change as its author wrote it. */
export interface RowChangeText {
  /** What the table is called in the SQL. */
  readonly target: string
  readonly schema: StructType
  readonly source?: { readonly name: string; readonly schema: StructType }
  /** When a row of the source and one of the table match. */
  readonly on?: string
  readonly clauses: readonly RowClause[]
}

/** A change whose SQL was read and found to be sound. */
export interface ParsedRowChange extends RowChangeText {
  /** Columns of the table that its SQL reads. */
  readonly columns: ReadonlySet<string>
  /** Those that the conditions of its clauses read. */
  readonly conditionColumns: ReadonlySet<string>
  /** Which clauses need the table's columns to make their new rows. */
  readonly readsTarget: readonly boolean[]
  /** Whether every condition gives the same answer when it is asked again: none asks for the time. */
  readonly repeatable: boolean
  /** Whether every new value does. */
  readonly valuesRepeatable: boolean
  /** What `on` asks of the table's rows alone. */
  readonly targetCondition?: Predicate
  /** Columns that `on` wants to be equal, of the same type. */
  readonly keys: readonly { readonly target: string; readonly source: string }[]
}

/** Rows for a merge, on local disk until they are released. */
export interface SourceRows {
  readonly schema: StructType
  readonly paths: readonly string[]
  readonly numRows: number
  release(): Promise<void>
}

/** What SQL of the library's own works rows out from, by the names that it gives them. */
export interface RowRelations {
  readonly sources: { readonly [name: string]: SourceRows }
  /** Rows that the predicate of a plan rules out may be there too. */
  readonly tables?: { readonly [name: string]: ScanPlan }
}

/** What to change. */
export interface RowChangeRequest {
  /** The table, with the schema that it will have. */
  readonly snapshot: Snapshot
  readonly change: ParsedRowChange
  readonly source?: SourceRows
  /** Whether rows are wanted as they were and as they became. */
  readonly changeFeed: boolean
  /** For the rows that are written. */
  readonly rules?: AppliedRules
  /** What `writeRows` writes: data files of the table as it will be. */
  readonly target: WriteTarget
  /** Nothing will be written. */
  readonly dryRun?: boolean
}

/** Rows of one file that go: deleted, or updated and thereby moved. */
export interface AffectedFile {
  readonly file: AddFile
  /** None of them was deleted before. */
  readonly rows: RowSet
}

export interface FoundRows {
  readonly files: readonly AffectedFile[]
  /** Rows that each clause applies to, in the order of the clauses. */
  readonly counts: readonly number[]
}

/** A change that is being carried out: nothing of it is in the table yet. */
export interface RowChange {
  /**
   * Finds the rows. ConstraintViolated where several rows of the source want to change one of the table.
   * @param plan the files that may have some, of the snapshot of the request
   */
  find(plan: ScanPlan): Promise<FoundRows>
  /** Writes updated and inserted rows as new data files. To be called after `find`. */
  writeRows(): Promise<WrittenFile[]>
  /** Writes what happened to each row, with a further column `_change_type`. To be called after `writeRows`. */
  writeChanges(): Promise<WrittenFile[]>
  close(): Promise<void>
}
