import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import { neededFeatures } from '../../protocol/features/needed-features.js'
import { writerFeatures } from '../../protocol/features/protocol-features.js'

/**
 * Passes if the protocol of a table has every feature that changed metadata need more than before: nothing upgrades the protocol of a table in silence. UnsupportedFeature, saying how to
 * ask for it, otherwise.
 */
export function checkFeatures(protocol: Protocol, before: Metadata, after: Metadata): void {
  const present = [...writerFeatures(protocol), ...neededFeatures(before)]
  const missing = neededFeatures(after).filter((name) => !present.includes(name) && !isPreviewThere(present, name))
  if (missing.length === 0) return
  const properties = missing.map((name) => `delta.feature.${name}=supported`)
  throw new DeltaError(
    'UnsupportedFeature',
    `The new schema needs ${missing.map((name) => `'${name}'`).join(', ')}, which the protocol of the table does not have. Readers and writers that lack it will not open the table any more: if you want that, set ${properties.join(' and ')} first; otherwise use other types.`,
    { details: { features: missing } },
  )
}

/** Tables of a feature's trial time go by its trial name. */
function isPreviewThere(present: readonly string[], name: string): boolean {
  return present.includes(`${name}-preview`)
}
