import type { Action, DomainMetadata, Metadata, Protocol } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { checkAppendOnly } from './append-only.js'
import { checkClusteringStatistics } from './clustering-statistics.js'
import { checkRowIdsKept } from './row-ids-kept.js'
import { checkWellFormed } from './well-formed.js'

/** The table as it will stand with a commit. */
export interface TargetTable {
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** Metadata domains before the commit. */
  readonly domains: () => Promise<ReadonlyMap<string, DomainMetadata>>
}

/**
 * Passes if the protocol lets these actions be committed together to the table. Run anew for each try, for a winner may have changed what the
 * table asks for. UnsupportedFeature, AppendOnlyTable, or Internal for actions that no operation should have made.
 */
export async function checkRequirements(actions: readonly Action[], table: TargetTable): Promise<void> {
  checkWritable(table.protocol, table.metadata)
  checkWellFormed(actions, table)
  checkAppendOnly(actions, table)
  checkRowIdsKept(actions, table)
  await checkClusteringStatistics(actions, table)
}
