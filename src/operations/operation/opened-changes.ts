import type { RecordBatch } from 'apache-arrow'
import type { StructType } from '../../schema/data-type.js'

/** Changes of rows that are ready to be read, once. */
export interface OpenedChanges {
  /** The columns asked for, then `_change_type` and what else is known of a change. */
  readonly schema: StructType
  readonly batches: AsyncGenerator<RecordBatch, void, undefined>
}
