import { type hasFieldMetadata, isEnabled } from './feature-use.js'
import { ENGINES, type FeatureSupport, type TableFeature } from './table-feature.js'

const SUPPORTED: FeatureSupport = { status: 'supported' }

/** The features that bind writers alone: every engine reads the table (PROTOCOL.md, "Valid Feature Names in Table Features"). */
export const WRITER_FEATURES: readonly TableFeature[] = [
  feature('appendOnly', { write: SUPPORTED, since: 2 }),
  feature('invariants', { write: SUPPORTED, since: 2 }),
  feature('checkConstraints', { write: SUPPORTED, since: 3 }),
  feature('changeDataFeed', { write: SUPPORTED, since: 4 }),
  feature('generatedColumns', { write: SUPPORTED, since: 4 }),
  feature('identityColumns', { write: SUPPORTED, since: 6 }),
  feature('allowColumnDefaults', { write: SUPPORTED }),
  feature('domainMetadata', { write: SUPPORTED }),
  feature('rowTracking', { write: SUPPORTED, requires: ['domainMetadata'] }),
  feature('clustering', { write: SUPPORTED, requires: ['domainMetadata'] }),
  feature('inCommitTimestamp', { write: SUPPORTED }),
  feature('checkpointProtection', { write: SUPPORTED }),
  icebergCompat('icebergCompatV1', 'delta.enableIcebergCompatV1'),
  icebergCompat('icebergCompatV2', 'delta.enableIcebergCompatV2'),
  icebergCompat('icebergCompatV3', 'delta.enableIcebergCompatV3'),
  feature('materializePartitionColumns', { write: SUPPORTED }),
  feature('coordinatedCommits-preview', {
    requires: ['inCommitTimestamp'],
    write: refused('a commit coordinator takes its commits, not the storage'),
  }),
  feature('redirectWriterOnly-preview', { write: refused('its writes are redirected to another table') }),
]

interface Row {
  readonly write: FeatureSupport
  /** The legacy writer version that implies the feature. */
  readonly since?: number
  readonly requires?: readonly string[]
}

function feature(name: string, { write, since, requires = [] }: Row): TableFeature {
  return {
    name,
    kind: 'writer',
    ...(since === undefined ? {} : { legacy: { writerVersion: since } }),
    requires,
    read: SUPPORTED,
    write,
    readableBy: ENGINES,
  }
}

function icebergCompat(name: string, property: string): TableFeature {
  return feature(name, {
    requires: ['columnMapping'],
    write: refused(
      'its files must suit Apache Iceberg, which is not ensured yet',
      `${property} is not true`,
      (metadata) => isEnabled(metadata, property),
    ),
  })
}

/** @param uses whether the table does what the feature allows; without it every table that lists the feature is refused. */
function refused(
  reason: string,
  unused?: string,
  uses?: (metadata: Parameters<typeof hasFieldMetadata>[0]) => boolean,
): FeatureSupport {
  if (unused === undefined || uses === undefined) return { status: 'refused', reason }
  return { status: 'refused', reason, unless: { text: unused, test: (metadata) => !uses(metadata) } }
}
