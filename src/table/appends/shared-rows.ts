import { SCHEMA_CONTRACT } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { PendingAppend } from './pending-append.js'

/** Rows beyond which an append gets data files of its own. */
const MOST_ROWS_TO_SHARE = 10_000

/** An append of a few plain rows, which may lie in one data file with those of others. */
export interface RowsAppend extends PendingAppend {
  readonly rows: readonly object[]
}

/** Whether the rows of an append may lie in one data file with those of others: few plain objects, and no wishes. */
export function mayShareRows(append: PendingAppend, { metadata }: Snapshot): append is RowsAppend {
  const { rows, options } = append
  const asked = Object.entries(options).filter(([, value]) => value !== undefined)
  return (
    Array.isArray(rows) &&
    rows.length > 0 &&
    rows.length <= MOST_ROWS_TO_SHARE &&
    rows.every(isPlainRow) &&
    asked.every(([name]) => name === 'signal') &&
    // A contract may drop rows: whose were dropped could not be told.
    !tableProperty(metadata, SCHEMA_CONTRACT).startsWith('discard')
  )
}

/** A batch of rows counts as what it is not: its rows are not counted by the array that holds it. */
function isPlainRow(row: unknown): boolean {
  return typeof row === 'object' && row !== null && !('numRows' in row)
}
