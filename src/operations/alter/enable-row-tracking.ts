import type { AddFile } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { upgradeProtocol } from '../../protocol/features/upgrade-protocol.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { nameRowTrackingColumns } from '../../transaction/rebase/row-tracking.js'
import { liveFiles } from '../operation/live-files.js'
import type { AlteredTable, AlterOptions } from './table-change.js'

/**
 * The commit that enables row tracking, or a step towards it: all files must have row ids first (PROTOCOL.md, "Writer Requirements for Row Tracking"). Where some have none, the step lists the feature, from
 * which on every writer gives ids, and adds those files again with ids of their own.
 *
 * @param alter works out the commit otherwise; not called for a step
 */
export async function enableRowTracking(
  snapshot: Snapshot,
  alter: () => Promise<AlteredTable>,
  { signal }: AlterOptions,
): Promise<AlteredTable> {
  const bare: AddFile[] = []
  for await (const file of liveFiles(snapshot, signal)) if (file.baseRowId === undefined) bare.push(file)
  // Without the feature others may be adding files without ids at this moment.
  if (bare.length === 0 && hasFeature(snapshot.protocol, 'rowTracking')) {
    const altered = await alter()
    const [metadata] = nameRowTrackingColumns(
      altered.metadata ? [altered.metadata] : [],
      snapshot.location.runtime.uuid,
    )
    return metadata?.type === 'metaData' ? { ...altered, metadata } : altered
  }
  const protocol = upgradeProtocol(snapshot.protocol, ['rowTracking'])
  return {
    operation: 'ROW TRACKING BACKFILL',
    operationParameters: {},
    ...(protocol !== snapshot.protocol && { protocol }),
    actions: bare.map((file) => ({ ...file, dataChange: false })),
    read: { files: bare.map(({ path }) => path) },
    isUnfinished: true,
  }
}
