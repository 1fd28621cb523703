import { DeltaError } from '../../../errors/delta-error.js'
import { checkWritable } from '../../../protocol/features/check-protocol.js'
import { APPEND_ONLY } from '../../../protocol/properties/table-properties.js'
import { tableProperty } from '../../../protocol/properties/table-property.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../../transaction/requirements/row-ids-kept.js'

/**
 * UnsupportedFeature or AppendOnlyTable where rows of the table may not be changed, before anything is read or written.
 *
 * @param insertsOnly rows of the table stay as they are: that an append-only table allows
 */
export function checkRowsMayChange({ protocol, metadata, location }: Snapshot, insertsOnly: boolean): void {
  checkWritable(protocol, metadata)
  checkRowsMayMove({ protocol, metadata })
  if (insertsOnly || !tableProperty(metadata, APPEND_ONLY)) return
  throw new DeltaError(
    'AppendOnlyTable',
    `${location.url} is append-only (delta.appendOnly = true): rows may be added, never changed or deleted.`,
    { details: { table: location.url } },
  )
}
