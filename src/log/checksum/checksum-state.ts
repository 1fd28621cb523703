import { StateCollector, type TableState } from '../replay/table-state.js'
import type { VersionChecksum } from './read-checksum.js'

/** The state of a version as its checksum has it; transactions and domains may be missing in it. */
export function checksumState({ protocol, metadata, transactions = [], domains = [] }: VersionChecksum): TableState {
  const state = new StateCollector()
  for (const action of [protocol, metadata, ...transactions, ...domains]) state.visit(action)
  return state
}
