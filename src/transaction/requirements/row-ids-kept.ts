import { DeltaError } from '../../errors/delta-error.js'
import type { Action } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import {
  ENABLE_ROW_TRACKING,
  ROW_COMMIT_VERSION_COLUMN_NAME,
  ROW_ID_COLUMN_NAME,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { TargetTable } from './target-table.js'

/**
 * UnsupportedFeature for a commit that moves rows and does not say that they kept their ids, where the table tracks rows: it adds a file with `dataChange = false`
 * that had no ids before.
 */
export function checkRowIdsKept(
  actions: readonly Action[],
  { protocol, metadata }: Pick<TargetTable, 'protocol' | 'metadata'>,
): void {
  const moves = actions.some((action) => action.type === 'add' && !action.dataChange && action.baseRowId === undefined)
  if (moves && tracksRows({ protocol, metadata }))
    throw idsLost('this operation moves rows to new files without their ids.')
}

/**
 * UnsupportedFeature where rows that move into new files would lose the ids that the table promises to keep (PROTOCOL.md, "Writer Requirements for Row
 * Tracking"), because it names no columns of data files for them. Operations ask before they write a file.
 */
export function checkRowsMayMove({ protocol, metadata }: Pick<TargetTable, 'protocol' | 'metadata'>): void {
  if (!tracksRows({ protocol, metadata })) return
  const names = [tableProperty(metadata, ROW_ID_COLUMN_NAME), tableProperty(metadata, ROW_COMMIT_VERSION_COLUMN_NAME)]
  if (names.every((name) => name !== undefined)) return
  throw idsLost(
    `this operation moves rows to new files, but the properties ${ROW_ID_COLUMN_NAME.key} and ${ROW_COMMIT_VERSION_COLUMN_NAME.key} name no columns to keep their ids in. It was enabled by a faulty writer.`,
  )
}

function tracksRows({ protocol, metadata }: Pick<TargetTable, 'protocol' | 'metadata'>): boolean {
  return hasFeature(protocol, 'rowTracking') && tableProperty(metadata, ENABLE_ROW_TRACKING)
}

function idsLost(why: string): DeltaError {
  return new DeltaError(
    'UnsupportedFeature',
    `The table tracks rows (${ENABLE_ROW_TRACKING.key} is true), and ${why}`,
    { details: { features: ['rowTracking'] } },
  )
}
