import type { Protocol } from '../../protocol/actions/action.js'
import {
  FEATURES_READER_VERSION,
  FEATURES_WRITER_VERSION,
  readerFeatures,
  writerFeatures,
} from '../../protocol/features/protocol-features.js'

/**
 * The least protocol that allows what both allow; `current` itself where it does already. A restore never lowers the protocol: versions in between
 * need it.
 */
export function mergeProtocols(current: Protocol, old: Protocol): Protocol {
  const covered =
    readerFeatures(old).every((name) => readerFeatures(current).includes(name)) &&
    writerFeatures(old).every((name) => writerFeatures(current).includes(name))
  if (covered) return current
  const minReaderVersion = Math.max(current.minReaderVersion, old.minReaderVersion)
  const minWriterVersion = Math.max(current.minWriterVersion, old.minWriterVersion)
  const union = (of: (protocol: Protocol) => readonly string[]): string[] =>
    [...new Set([...of(current), ...of(old)])].sort()
  return {
    type: 'protocol',
    minReaderVersion,
    minWriterVersion,
    ...(minReaderVersion >= FEATURES_READER_VERSION && { readerFeatures: union(readerFeatures) }),
    ...(minWriterVersion >= FEATURES_WRITER_VERSION && { writerFeatures: union(writerFeatures) }),
  }
}
