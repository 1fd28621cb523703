import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata, Protocol } from '../actions/action.js'
import { PROTOCOL_PROPERTIES } from '../properties/known-properties.js'
import { tableFeature } from './feature-registry.js'
import { hasColumnType, hasFieldMetadata, isEnabled, mappingMode } from './feature-use.js'
import { FEATURES_READER_VERSION, FEATURES_WRITER_VERSION } from './protocol-features.js'

const FEATURE_PREFIX = 'delta.feature.'

/** What makes a new table need a feature. */
const NEEDED: readonly (readonly [feature: string, test: (metadata: Metadata) => boolean])[] = [
  [
    'checkConstraints',
    ({ configuration }) => Object.keys(configuration).some((key) => key.startsWith('delta.constraints.')),
  ],
  ['changeDataFeed', (metadata) => isEnabled(metadata, 'delta.enableChangeDataFeed')],
  ['generatedColumns', (metadata) => hasFieldMetadata(metadata, 'delta.generationExpression')],
  ['identityColumns', (metadata) => hasFieldMetadata(metadata, 'delta.identity.start')],
  ['allowColumnDefaults', (metadata) => hasFieldMetadata(metadata, 'CURRENT_DEFAULT')],
  ['columnMapping', (metadata) => mappingMode(metadata) !== 'none'],
  ['deletionVectors', (metadata) => isEnabled(metadata, 'delta.enableDeletionVectors')],
  ['timestampNtz', (metadata) => hasColumnType(metadata, 'timestamp_ntz')],
  ['typeWidening', (metadata) => isEnabled(metadata, 'delta.enableTypeWidening')],
  ['variantType', (metadata) => hasColumnType(metadata, 'variant')],
  ['variantShredding', (metadata) => isEnabled(metadata, 'delta.enableVariantShredding')],
  ['v2Checkpoint', ({ configuration }) => configuration['delta.checkpointPolicy']?.toLowerCase() === 'v2'],
  ['inCommitTimestamp', (metadata) => isEnabled(metadata, 'delta.enableInCommitTimestamps')],
  ['rowTracking', (metadata) => isEnabled(metadata, 'delta.enableRowTracking')],
  ['icebergCompatV1', (metadata) => isEnabled(metadata, 'delta.enableIcebergCompatV1')],
  ['icebergCompatV2', (metadata) => isEnabled(metadata, 'delta.enableIcebergCompatV2')],
  ['icebergCompatV3', (metadata) => isEnabled(metadata, 'delta.enableIcebergCompatV3')],
  ['materializePartitionColumns', (metadata) => isEnabled(metadata, 'delta.enableMaterializePartitionColumnsFeature')],
]

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
  const features = withRequired([
    ...NEEDED.filter(([, test]) => test(metadata)).map(([name]) => name),
    ...askedFeatures(metadata.configuration),
  ])
  const reader = askedVersion(metadata.configuration, 'delta.minReaderVersion', FEATURES_READER_VERSION)
  const writer = askedVersion(metadata.configuration, 'delta.minWriterVersion', FEATURES_WRITER_VERSION)
  const stored = Object.entries(metadata.configuration).filter(
    ([key]) => !key.startsWith(FEATURE_PREFIX) && !PROTOCOL_PROPERTIES.includes(key),
  )
  return { protocol: leastProtocol(features, reader, writer), configuration: Object.fromEntries(stored) }
}

function leastProtocol(features: readonly string[], reader: number, writer: number): Protocol {
  const forReaders = features.filter((name) => tableFeature(name)?.kind === 'readerWriter')
  if (features.length === 0 && writer < FEATURES_WRITER_VERSION && reader < FEATURES_READER_VERSION) {
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

function withRequired(names: readonly string[]): readonly string[] {
  const all = new Set<string>()
  const add = (name: string): void => {
    if (all.has(name)) return
    all.add(name)
    for (const required of tableFeature(name)?.requires ?? []) add(required)
  }
  for (const name of names) add(name)
  return [...all]
}

function askedFeatures(configuration: Metadata['configuration']): readonly string[] {
  return Object.entries(configuration)
    .filter(([key]) => key.startsWith(FEATURE_PREFIX))
    .map(([key, value]) => {
      const name = key.slice(FEATURE_PREFIX.length)
      if (tableFeature(name) !== undefined && value.toLowerCase() === 'supported') return name
      throw new DeltaError(
        'InvalidArgument',
        `'${key}' = '${value}' asks for no feature that lakewright knows. Write '${FEATURE_PREFIX}<name>' = 'supported'.`,
      )
    })
}

function askedVersion(configuration: Metadata['configuration'], key: string, greatest: number): number {
  const text = configuration[key]
  if (text === undefined) return 0
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= greatest) return Number(text)
  throw new DeltaError(
    'InvalidArgument',
    `The table property ${key} must be a number from 1 to ${greatest}, not '${text}'.`,
  )
}
