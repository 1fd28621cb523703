import { writerFeatures } from '../../protocol/features/protocol-features.js'
import type { ConflictRule } from './conflict-rule.js'

/** Features that say how data files must look, which cannot be made good once they are written. */
const BINDS_FILES: readonly string[] = ['materializePartitionColumns']

/**
 * A winner that changed the protocol. Blind appends follow it, for what new features ask of them is derived anew with each try (and features
 * that lakewright lacks are refused there), unless they bind data files; everything else, and a removal of features, starts over.
 */
export const protocolChanged: ConflictRule = {
  code: 'ProtocolChanged',
  help: 'Refresh the table and repeat the operation.',
  find(pending, winner) {
    if (winner.protocol === undefined) return undefined
    if (pending.protocol !== undefined) return { what: 'changed the protocol, as this operation does' }
    if (!pending.isBlindAppend) return { what: 'changed the protocol' }
    const after = writerFeatures(winner.protocol)
    const before = writerFeatures(pending.base.protocol)
    const dropped = before.filter((name) => !after.includes(name))
    if (dropped.length > 0) return { what: `removed ${dropped.join(', ')} from the protocol` }
    const binding = BINDS_FILES.filter((name) => after.includes(name) && !before.includes(name))
    return binding.length === 0 ? undefined : { what: `added ${binding.join(', ')} to the protocol` }
  },
}
