import type { Metadata, Protocol } from '../actions/action.js'
import { askedProtocol } from './asked-protocol.js'
import { tableFeature } from './feature-registry.js'
import { neededFeatures, withRequired } from './needed-features.js'
import { FEATURES_READER_VERSION, FEATURES_WRITER_VERSION } from './protocol-features.js'

/** Listed by every table that names its features: version 2 implies them, and Spark refuses tables that lost them. */
const ALWAYS: readonly string[] = ['appendOnly', 'invariants']

/**
 * The least protocol for a new table: what its schema and properties need, and what `delta.feature.<name> = supported`,
 * `delta.minReaderVersion` and `delta.minWriterVersion` ask for. Those three are not stored: the configuration comes back without them.
 *
 * InvalidArgument for a feature that is unknown, or a version that is not a number. Whether lakewright can write such a table is for
 * `checkWritable` to say.
 */
export function newTableProtocol(metadata: Metadata): {
  readonly protocol: Protocol
  readonly configuration: Metadata['configuration']
} {
  const asked = askedProtocol(metadata.configuration)
  const features = withRequired([...neededFeatures(metadata), ...asked.features])
  return { protocol: leastProtocol(features, asked.reader, asked.writer), configuration: asked.stored }
}

function leastProtocol(features: readonly string[], reader: number, writer: number): Protocol {
  const forReaders = features.filter((name) => tableFeature(name)?.kind === 'readerWriter')
  const implied = features.every((name) => ALWAYS.includes(name))
  if (implied && writer < FEATURES_WRITER_VERSION && reader < FEATURES_READER_VERSION) {
    return { type: 'protocol', minReaderVersion: Math.max(reader, 1), minWriterVersion: Math.max(writer, 2) }
  }
  const named = [...new Set([...ALWAYS, ...features])].sort()
  if (forReaders.length === 0 && reader < FEATURES_READER_VERSION) {
    return {
      type: 'protocol',
      minReaderVersion: Math.max(reader, 1),
      minWriterVersion: FEATURES_WRITER_VERSION,
      writerFeatures: named,
    }
  }
  return {
    type: 'protocol',
    minReaderVersion: FEATURES_READER_VERSION,
    minWriterVersion: FEATURES_WRITER_VERSION,
    readerFeatures: [...new Set(forReaders)].sort(),
    writerFeatures: named,
  }
}
