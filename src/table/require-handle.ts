import { DeltaError } from '../errors/delta-error.js'
import type { Snapshot } from '../snapshot/snapshot.js'

/**
 * The version that a table of a query holds. InvalidArgument for what is no table.
 * @param snapshotOf the version that a handle holds, undefined for what is no handle
 */
export function requireHandle(
  table: unknown,
  name: string,
  snapshotOf: (table: object) => Snapshot | undefined,
): Snapshot {
  const snapshot = typeof table === 'object' && table !== null ? snapshotOf(table) : undefined
  if (snapshot !== undefined) return snapshot
  throw new DeltaError('InvalidArgument', `${name} is no table: open it with DeltaTable.open.`)
}
