import { DeltaError } from '../../errors/delta-error.js'
import type { Action } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { APPEND_ONLY } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { TargetTable } from './target-table.js'

/** AppendOnlyTable if rows would go from a table that keeps them (PROTOCOL.md, "Append-only Tables"). Moving them between files is allowed. */
export function checkAppendOnly(
  actions: readonly Action[],
  { protocol, metadata }: Pick<TargetTable, 'protocol' | 'metadata'>,
): void {
  if (!hasFeature(protocol, 'appendOnly') || !tableProperty(metadata, APPEND_ONLY)) return
  if (!actions.some((action) => action.type === 'remove' && action.dataChange)) return
  throw new DeltaError(
    'AppendOnlyTable',
    `The table only takes appends: its property ${APPEND_ONLY.key} is true, and this operation would remove rows. Set the property to false first.`,
  )
}
