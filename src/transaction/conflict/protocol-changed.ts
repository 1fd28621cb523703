import { writerFeatures } from '../../protocol/features/protocol-features.js'
import type { ConflictRule } from './conflict-rule.js'

/**
 * A winner that changed the protocol. Blind appends follow it, for what new features ask of them is derived anew with each try (and features
 * that lakewright lacks are refused there); everything else, and a removal of features, starts over.
 */
export const protocolChanged: ConflictRule = {
  code: 'ProtocolChanged',
  help: 'Refresh the table and repeat the operation.',
  find(pending, winner) {
    if (winner.protocol === undefined) return undefined
    if (pending.protocol !== undefined) return { what: 'changed the protocol, as this operation does' }
    if (!pending.isBlindAppend) return { what: 'changed the protocol' }
    const kept = writerFeatures(winner.protocol)
    const dropped = writerFeatures(pending.base.protocol).filter((name) => !kept.includes(name))
    return dropped.length === 0 ? undefined : { what: `removed ${dropped.join(', ')} from the protocol` }
  },
}
