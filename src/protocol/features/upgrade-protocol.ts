import type { Protocol } from '../actions/action.js'
import type { AskedProtocol } from './asked-protocol.js'
import { tableFeature } from './feature-registry.js'
import { withRequired } from './needed-features.js'
import {
  FEATURES_READER_VERSION,
  FEATURES_WRITER_VERSION,
  readerFeatures,
  writerFeatures,
} from './protocol-features.js'

/**
 * The least protocol that has all that another has, and some features and versions more; the very protocol that was handed in where it has them already. Features that a legacy
 * version implied are listed by name, whether they were used or not (PROTOCOL.md, "Table Features for New and Existing Tables").
 */
export function upgradeProtocol(
  protocol: Protocol,
  features: readonly string[],
  asked: Pick<AskedProtocol, 'reader' | 'writer'> = { reader: 0, writer: 0 },
): Protocol {
  const present = writerFeatures(protocol)
  const missing = withRequired(features).filter((name) => !present.includes(name))
  const reader = Math.max(
    protocol.minReaderVersion,
    asked.reader,
    missing.some(isForReaders) ? FEATURES_READER_VERSION : 0,
  )
  const needsNames = missing.length > 0 || reader >= FEATURES_READER_VERSION
  const writer = Math.max(protocol.minWriterVersion, asked.writer, needsNames ? FEATURES_WRITER_VERSION : 0)
  if (missing.length === 0 && reader === protocol.minReaderVersion && writer === protocol.minWriterVersion)
    return protocol
  const versions = { type: 'protocol', minReaderVersion: reader, minWriterVersion: writer } as const
  if (writer < FEATURES_WRITER_VERSION) return versions
  const named = [...knownToReaders(protocol, present), ...missing].sort()
  if (reader < FEATURES_READER_VERSION) return { ...versions, writerFeatures: named }
  const readers = new Set([...readerFeatures(protocol), ...named.filter(isForReaders)])
  return { ...versions, readerFeatures: [...readers].sort(), writerFeatures: named }
}

/** Writer version 5 alone does not bring column mapping to a table whose readers do not look for it. */
function knownToReaders(protocol: Protocol, features: readonly string[]): readonly string[] {
  const forReaders = readerFeatures(protocol)
  return features.filter((name) => !isForReaders(name) || forReaders.includes(name))
}

function isForReaders(name: string): boolean {
  return tableFeature(name)?.kind === 'readerWriter'
}
