import type { BoundColumn } from '../expressions/bound-predicate.js'
import type { Metadata } from '../protocol/actions/action.js'

/** Tells whether a column partitions a table. */
export function isPartitionColumn({ partitionColumns }: Metadata): (column: BoundColumn) => boolean {
  const names = new Set(partitionColumns)
  return ({ path }) => path.length === 1 && names.has(path[0] as string)
}
