import type { StructField, StructType } from '../schema/data-type.js'

/** What happened to a row (PROTOCOL.md, "Change Data Files"): the row before and after an update, or the row that came or went. */
export type ChangeType = 'insert' | 'update_preimage' | 'update_postimage' | 'delete'

/** What happened to the row; change data files hold it beside the columns of the table. */
export const CHANGE_TYPE: StructField = {
  name: '_change_type',
  dataType: { type: 'string' },
  nullable: true,
  metadata: {},
}

/** The version that changed the row. */
const COMMIT_VERSION: StructField = {
  name: '_commit_version',
  dataType: { type: 'long' },
  nullable: true,
  metadata: {},
}

/** When that version was committed. */
const COMMIT_TIMESTAMP: StructField = {
  name: '_commit_timestamp',
  dataType: { type: 'timestamp' },
  nullable: true,
  metadata: {},
}

/** The columns that follow those of the table in a change data feed, as Spark names them. */
export const CHANGE_COLUMNS: readonly [StructField, StructField, StructField] = [
  CHANGE_TYPE,
  COMMIT_VERSION,
  COMMIT_TIMESTAMP,
]

/** The rows of a change data feed over a table. */
export function changeSchema(table: StructType): StructType {
  return { type: 'struct', fields: [...table.fields, ...CHANGE_COLUMNS] }
}
