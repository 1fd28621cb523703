import { DeltaError } from '../../errors/delta-error.js'
import type { Action } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { ENABLE_ROW_TRACKING } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { TargetTable } from './target-table.js'

/** {@link checkRowsMayMove} for a commit that moves rows: it adds a file with `dataChange = false` that had no ids before. */
export function checkRowIdsKept(actions: readonly Action[], table: Pick<TargetTable, 'protocol' | 'metadata'>): void {
  const moves = actions.some((action) => action.type === 'add' && !action.dataChange && action.baseRowId === undefined)
  if (moves) checkRowsMayMove(table)
}

/**
 * UnsupportedFeature where rows that move into new files would lose the ids that the table promises to keep (PROTOCOL.md, "Writer Requirements for Row
 * Tracking"), for ids are not written into data files yet. Operations ask before they write a file.
 */
export function checkRowsMayMove({ protocol, metadata }: Pick<TargetTable, 'protocol' | 'metadata'>): void {
  if (!hasFeature(protocol, 'rowTracking') || !tableProperty(metadata, ENABLE_ROW_TRACKING)) return
  throw new DeltaError(
    'UnsupportedFeature',
    `The table tracks rows (${ENABLE_ROW_TRACKING.key} is true), and this operation would move rows to new files without their ids, which is not supported yet. Use an engine that keeps them.`,
    { details: { features: ['rowTracking'] } },
  )
}
