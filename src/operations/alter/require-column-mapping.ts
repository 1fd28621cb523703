import { DeltaError } from '../../errors/delta-error.js'
import { columnMappingMode } from '../../schema/column-mapping.js'
import { columnName } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/** Passes if columns have names of their own in data files, so that a name can go without the files being written anew. UnsupportedFeature, saying what to set, otherwise. */
export function requireColumnMapping({ metadata }: Snapshot, path: readonly string[], verb: string): void {
  if (columnMappingMode(metadata.configuration) !== 'none') return
  throw new DeltaError(
    'UnsupportedFeature',
    `Column ${columnName(path)} cannot be ${verb}: data files know columns by their names. Set the table property delta.columnMapping.mode to name first; readers that lack the feature columnMapping will not open the table any more.`,
    { details: { column: columnName(path), features: ['columnMapping'] } },
  )
}
