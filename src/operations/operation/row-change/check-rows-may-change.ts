import { DeltaError } from '../../../errors/delta-error.js'
import { checkWritable } from '../../../protocol/features/check-protocol.js'
import { APPEND_ONLY } from '../../../protocol/properties/table-properties.js'
import { tableProperty } from '../../../protocol/properties/table-property.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../../transaction/requirements/row-ids-kept.js'

/** UnsupportedFeature or AppendOnlyTable where rows of the table may not be changed, before anything is read or written. */
export function checkRowsMayChange({ protocol, metadata, location }: Snapshot): void {
  checkWritable(protocol, metadata)
  checkRowsMayMove({ protocol, metadata })
  if (!tableProperty(metadata, APPEND_ONLY)) return
  throw new DeltaError(
    'AppendOnlyTable',
    `${location.url} is append-only (delta.appendOnly = true): rows may be added, never changed or deleted.`,
    { details: { table: location.url } },
  )
}
