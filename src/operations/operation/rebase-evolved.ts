import type { Snapshot } from '../../snapshot/snapshot.js'
import { incompatibleMetadataChange } from '../../transaction/conflict/incompatible-metadata-change.js'
import type { PreparedWrite } from './commit-write.js'
import { evolveTable } from './evolve-table.js'
import type { ContractedWrite } from './write-contracted.js'

/**
 * The write of files whose schema had grown, on a version whose schema another writer changed in the meantime: with what that one still lacks. Undefined where the files do not suit
 * it as they are.
 */
export function rebaseEvolved(
  write: PreparedWrite,
  written: ContractedWrite,
  newer: Snapshot,
): PreparedWrite | undefined {
  const { metadata, changes } = evolveTable(newer, written.schema)
  if (incompatibleMetadataChange(written.metadata, metadata) !== undefined) return undefined
  const others = write.actions.filter(({ type }) => type !== 'metaData')
  return {
    ...write,
    actions: changes.length === 0 ? others : [metadata, ...others],
    rebase: (newest) => rebaseEvolved(write, written, newest),
  }
}
