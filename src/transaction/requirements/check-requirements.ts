import type { Action } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { checkAppendOnly } from './append-only.js'
import { checkChangeColumnsFree } from './change-columns-free.js'
import { checkClusteringStatistics } from './clustering-statistics.js'
import { checkRowIdsKept } from './row-ids-kept.js'
import type { TargetTable } from './target-table.js'
import { checkWellFormed } from './well-formed.js'

/**
 * Passes if the protocol lets these actions be committed together to the table. Run anew for each try, for a winner may have changed what the
 * table asks for. UnsupportedFeature, AppendOnlyTable, InvalidSchema, or Internal for actions that no operation should have made.
 */
export async function checkRequirements(
  actions: readonly Action[],
  table: TargetTable,
  rowIdsKept = false,
): Promise<void> {
  checkWritable(table.protocol, table.metadata)
  checkWellFormed(actions, table)
  checkAppendOnly(actions, table)
  checkChangeColumnsFree(actions)
  if (!rowIdsKept) checkRowIdsKept(actions, table)
  await checkClusteringStatistics(actions, table)
}
