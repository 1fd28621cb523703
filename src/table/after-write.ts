import { errorText } from '../errors/error-text.js'
import type { OperationOptions } from '../operations/operation/operation-options.js'
import type { Written } from '../operations/operation/write-result.js'
import { AUTO_COMPACT } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import { tell } from '../runtime/observer.js'
import type { Snapshot } from '../snapshot/snapshot.js'

/**
 * Merges small files after a write where the table asks for it (`delta.autoOptimize.autoCompact`). It cannot fail the write: what goes wrong becomes a warning.
 *
 * @returns the table as it stands then
 */
export async function afterWrite(
  { result, snapshot, added = [] }: Pick<Written, 'result' | 'snapshot' | 'added'>,
  options: OperationOptions = {},
): Promise<Snapshot> {
  try {
    if (result.skipped || added.length === 0 || !tableProperty(snapshot.metadata, AUTO_COMPACT)) return snapshot
    const { autoCompact } = await import('../operations/optimize/auto-compact.js')
    return (await autoCompact(snapshot, added, options)) ?? snapshot
  } catch (error) {
    const { location, version } = snapshot
    tell(location.runtime.observer, {
      type: 'warning',
      message: `Version ${version} of ${location.url} was committed, but its auto-compaction failed: ${errorText(error)}`,
    })
    return snapshot
  }
}
