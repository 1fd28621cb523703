import type { QueryEngine } from '../../../engine/query-engine.js'
import type { ParsedRowChange, RowChangeText, SourceRows } from '../../../engine/row-change.js'
import type { Predicate } from '../../../expressions/predicate.js'
import type { Action, AddFile, Metadata } from '../../../protocol/actions/action.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import type { RowChangeFacts } from './row-change-facts.js'
import type { RowChangeResult } from './row-change-plan.js'

/** One change of rows, as it is meant for one version of the table. */
export interface PreparedChange {
  readonly text: RowChangeText
  /** The text as it was read, where that was done. */
  readonly parsed?: ParsedRowChange
  /** What rows of the table must fulfil to be changed, as far as that is known; absent: they may be any. */
  readonly predicate?: Predicate | undefined
  /** Finds out what the source asks of them beside that. Called once, after the change has begun. */
  readonly bounds?: () => Promise<Predicate | undefined>
  readonly source?: SourceRows
  /** The table's metadata after the change, where its schema has to make room. */
  readonly metadata?: Metadata
  /** Given where all rows of a file fulfil the predicate or none does, and those that do are deleted: tells of a file which. */
  readonly goesWhole?: (file: AddFile) => boolean
  /** Whether it does not matter to it what becomes of rows that it leaves as they are: then it is united with changes of other rows of the same files. */
  readonly rowsApart?: boolean
  readonly operationParameters: { readonly [name: string]: string }
  /** What else the commit says; it is committed even where no row changes. */
  readonly actions?: readonly Action[]
}

/** A kind of change: what delete, update, merge and an overwrite of some rows differ in. */
export interface RowChangeKind {
  readonly operation: 'DELETE' | 'UPDATE' | 'MERGE' | 'WRITE'
  /** Whether it leaves every row of the table as it is. */
  readonly insertsOnly?: boolean
  /** Worked out anew for each version that the change is tried on. */
  prepare(snapshot: Snapshot, engine: QueryEngine): Promise<PreparedChange>
  metrics(facts: RowChangeFacts): { readonly [name: string]: number }
}

/** The outcome of a change, and the table as it stands after it. */
export interface ChangedRows {
  readonly result: RowChangeResult
  readonly snapshot: Snapshot
}
