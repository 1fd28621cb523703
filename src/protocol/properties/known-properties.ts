import * as readProperties from './table-properties.js'
import type { TableProperty } from './table-property.js'

/** The properties that lakewright reads, by lower-case key: Delta's keys do not differ by case alone. */
export const READ_PROPERTIES: ReadonlyMap<string, TableProperty<unknown>> = new Map(
  Object.values(readProperties).map((property: TableProperty<unknown>) => [property.key.toLowerCase(), property]),
)

/** Properties of Delta that other engines read: they are stored as they are. */
export const OTHER_PROPERTIES: readonly string[] = [
  'delta.autoOptimize',
  'delta.autoOptimize.optimizeWrite',
  'delta.castIcebergTimeType',
  'delta.checkpointRetentionDuration',
  'delta.dataSkippingStringPrefixLength',
  'delta.dropFeatureTruncateHistory.retentionDuration',
  'delta.enableChangeDataCapture',
  'delta.enableFullRetentionRollback',
  'delta.enableIcebergCompatV1',
  'delta.enableIcebergCompatV2',
  'delta.enableIcebergCompatV3',
  'delta.enableVariantShredding',
  'delta.ignoreIcebergBucketPartition',
  'delta.parquet.format.version',
  'delta.randomizeFilePrefixes',
  'delta.randomPrefixLength',
  'delta.sampleRetentionDuration',
  'delta.tuneFileSizesForRewrites',
  'delta.universalFormat.enabledFormats',
]

/** Said at `create` and not stored: they choose the protocol. */
export const PROTOCOL_PROPERTIES: readonly string[] = ['delta.minReaderVersion', 'delta.minWriterVersion']

/** Names behind these are free. */
export const PROPERTY_PREFIXES: readonly string[] = [
  'delta.constraints.',
  'delta.feature.',
  'delta.compatibility.symlinkFormatManifest.',
]
