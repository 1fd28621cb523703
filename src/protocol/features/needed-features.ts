import type { Metadata } from '../actions/action.js'
import { tableFeature } from './feature-registry.js'
import { hasColumnType, hasFieldMetadata, isEnabled, mappingMode } from './feature-use.js'

/** What makes a table need a feature. */
const NEEDED: readonly (readonly [feature: string, test: (metadata: Metadata) => boolean])[] = [
  [
    'checkConstraints',
    ({ configuration }) => Object.keys(configuration).some((key) => key.startsWith('delta.constraints.')),
  ],
  ['appendOnly', (metadata) => isEnabled(metadata, 'delta.appendOnly')],
  ['invariants', (metadata) => hasFieldMetadata(metadata, 'delta.invariants')],
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

/** The features that schema and properties of a table need, those that others require left out. */
export function neededFeatures(metadata: Metadata): readonly string[] {
  return NEEDED.filter(([, test]) => test(metadata)).map(([name]) => name)
}

/** Features with all that they require. */
export function withRequired(names: readonly string[]): readonly string[] {
  const all = new Set<string>()
  const add = (name: string): void => {
    if (all.has(name)) return
    all.add(name)
    for (const required of tableFeature(name)?.requires ?? []) add(required)
  }
  for (const name of names) add(name)
  return [...all]
}
