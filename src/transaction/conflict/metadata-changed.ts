import type { ConflictRule } from './conflict-rule.js'
import { incompatibleMetadataChange } from './incompatible-metadata-change.js'
import { onlyNumbersRows } from './only-numbers-rows.js'

/** A winner that changed schema, partitioning or properties. Blind appends follow it if their files suit the new metadata as they are. */
export const metadataChanged: ConflictRule = {
  code: 'MetadataChanged',
  help: 'Refresh the table and repeat the operation.',
  find(pending, winner) {
    if (winner.metadata === undefined) return undefined
    if (pending.metadata !== undefined) return { what: 'changed the metadata, as this operation does' }
    if (onlyNumbersRows(pending.base.metadata, winner.metadata)) return undefined
    if (!pending.isBlindAppend) return { what: 'changed the metadata' }
    const change = incompatibleMetadataChange(pending.base.metadata, winner.metadata)
    return change === undefined ? undefined : { what: `changed the metadata (${change})` }
  },
}
