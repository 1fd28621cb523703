import type { Metadata, SetTransaction } from '../protocol/actions/action.js'
import { SET_TRANSACTION_RETENTION_DURATION } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'

/**
 * Tells the transactions that a table still remembers from those past `delta.setTransactionRetentionDuration`, whose applications count as unknown. One that
 * does not say when it was recorded is remembered.
 *
 * @param now ms since the epoch
 */
export function isRemembered(metadata: Metadata, now: number): (transaction: SetTransaction) => boolean {
  const retention = tableProperty(metadata, SET_TRANSACTION_RETENTION_DURATION)
  const oldest = retention === undefined ? Number.NEGATIVE_INFINITY : now - retention
  return ({ lastUpdated = now }) => lastUpdated >= oldest
}
