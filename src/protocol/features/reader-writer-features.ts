import { hasColumnType } from './feature-use.js'
import { ENGINES, type Engine, type FeatureSupport, type TableFeature } from './table-feature.js'

const SUPPORTED: FeatureSupport = { status: 'supported' }
const KERNEL_ENGINES: readonly Engine[] = ['Spark', 'DuckDB', 'Trino', 'ClickHouse']

const CATALOG: FeatureSupport = {
  status: 'refused',
  reason:
    'a catalog decides which of its commits count, and lakewright reads tables from storage alone; ask the catalog for it',
}
const VARIANT_WRITE: FeatureSupport = {
  status: 'refused',
  reason: 'it has variant columns, which are not written yet',
  unless: { text: 'no column is a variant', test: (metadata) => !hasColumnType(metadata, 'variant') },
}

/**
 * The features that readers must know too (PROTOCOL.md, "Valid Feature Names in Table Features"). The engines were tried on public tables:
 * Delta for Spark 4.4, delta-rs 1.6.6, DuckDB 1.4 with its delta extension, Polars 2.1, chdb 4.4; Trino as its sources of 2026 say. What
 * could not be tried counts as not read.
 */
export const READER_WRITER_FEATURES: readonly TableFeature[] = [
  {
    ...feature('columnMapping', except('Polars')),
    legacy: { readerVersion: 2, writerVersion: 5 },
  },
  feature('deletionVectors', ENGINES),
  feature('timestampNtz', ENGINES),
  feature('v2Checkpoint', except('Polars')),
  feature('vacuumProtocolCheck', KERNEL_ENGINES),
  feature('typeWidening', KERNEL_ENGINES),
  feature('typeWidening-preview', KERNEL_ENGINES),
  { ...feature('variantType', except('ClickHouse')), write: VARIANT_WRITE },
  { ...feature('variantType-preview', except('ClickHouse')), write: VARIANT_WRITE },
  { ...feature('variantShredding', ['Spark'], ['variantType']), write: VARIANT_WRITE },
  { ...feature('variantShredding-preview', ['Spark', 'DuckDB'], ['variantType']), write: VARIANT_WRITE },
  { ...feature('catalogManaged', [], ['inCommitTimestamp', 'vacuumProtocolCheck']), read: CATALOG, write: CATALOG },
  {
    ...feature('catalogOwned-preview', [], ['inCommitTimestamp', 'vacuumProtocolCheck']),
    read: CATALOG,
    write: CATALOG,
  },
  refusedBoth('redirectReaderWriter-preview', 'it is redirected to another table'),
  refusedBoth('geospatial', 'it has geometry or geography columns'),
  refusedBoth('adaptiveMetadata-preview', 'its metadata is laid out in a way that is still a draft'),
]

function feature(name: string, readableBy: readonly Engine[], requires: readonly string[] = []): TableFeature {
  return { name, kind: 'readerWriter', requires, read: SUPPORTED, write: SUPPORTED, readableBy }
}

function refusedBoth(name: string, reason: string): TableFeature {
  const support: FeatureSupport = { status: 'refused', reason }
  return { ...feature(name, []), read: support, write: support }
}

function except(engine: Engine): readonly Engine[] {
  return ENGINES.filter((other) => other !== engine)
}
