import type { MergeSourceOptions } from '../operation/merge/merge-source.js'
import type { RowChangeOptions } from '../operation/row-change/row-change-options.js'
import type { Where } from '../operation/where.js'

export interface ApplyChangesOptions extends RowChangeOptions, Pick<MergeSourceOptions, 'sourceSchema'> {
  /** Columns that tell rows apart; no event may lack a value. */
  readonly keys: readonly string[]
  /** The column of the events that orders those of a key: greater values are later. Two events of a key may not have the same one, unless they are equal. */
  readonly sequenceBy: string
  /** True for events that delete the row of their key. Deletes are remembered for as long as the table keeps removed files, so that events before them that come late stay without effect. */
  readonly applyAsDelete?: Where | undefined
  /** True for events that delete all rows that are older. With `scd: 1` only. */
  readonly applyAsTruncate?: Where | undefined
  /** Whether a null in an event leaves the value as it is. Default: false, the value becomes null. With `scd: 1` an event that comes late is left out altogether. */
  readonly ignoreNullUpdates?: boolean | undefined
  /** Columns of the events that go into the table. Default: all but `except`. */
  readonly columns?: readonly string[] | undefined
  /** Columns of the events that do not go into the table. */
  readonly except?: readonly string[] | undefined
  /**
   * 1, the default: the table has the newest row of each key, with the column of `sequenceBy` among its columns. 2: it has a row for each event, valid from `__start_at` up to, and
   * without, `__end_at` (null: still valid), two columns of the table of the type of the sequence.
   */
  readonly scd?: 1 | 2 | undefined
  /** Columns whose changes begin a new row with `scd: 2`; a change of others goes into the row that is valid. Default: every event begins a row. */
  readonly trackHistoryOn?: readonly string[] | undefined
}
