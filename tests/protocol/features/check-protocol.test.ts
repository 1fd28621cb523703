import { describe, expect, it } from 'vitest'
import { type DeltaError, isDeltaError } from '../../../src/errors/delta-error.js'
import type { Metadata, Protocol } from '../../../src/protocol/actions/action.js'
import { checkReadable, checkWritable } from '../../../src/protocol/features/check-protocol.js'
import { TABLE_FEATURES, tableFeature } from '../../../src/protocol/features/feature-registry.js'
import { newTableProtocol } from '../../../src/protocol/features/new-table-protocol.js'
import { readerFeatures, writerFeatures } from '../../../src/protocol/features/protocol-features.js'
import { readerCompatibility } from '../../../src/protocol/features/reader-compatibility.js'

const legacy = (minReaderVersion: number, minWriterVersion: number): Protocol => ({
  type: 'protocol',
  minReaderVersion,
  minWriterVersion,
})

const listing = (readerFeatures: readonly string[], writerFeatures: readonly string[] = []): Protocol => ({
  ...legacy(3, 7),
  readerFeatures,
  writerFeatures: [...readerFeatures, ...writerFeatures],
})

function metadata(
  configuration: Metadata['configuration'] = {},
  field: object = {},
  partitionColumns: string[] = [],
): Metadata {
  const column = { name: 'a', type: 'long', nullable: true, metadata: {}, ...field }
  return {
    type: 'metaData',
    id: 'id',
    format: { provider: 'parquet' },
    schemaString: JSON.stringify({ type: 'struct', fields: [column] }),
    partitionColumns,
    configuration,
  }
}

function refusalOf(run: () => void): DeltaError | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (isDeltaError(error)) return error
    throw error
  }
}

describe('protocols', () => {
  it('of legacy versions imply their features', () => {
    expect(readerFeatures(legacy(1, 1))).toEqual([])
    expect(readerFeatures(legacy(2, 5))).toEqual(['columnMapping'])
    expect(writerFeatures(legacy(1, 1))).toEqual([])
    expect(writerFeatures(legacy(1, 2))).toEqual(['appendOnly', 'invariants'])
    expect(writerFeatures(legacy(2, 6))).toEqual([
      'appendOnly',
      'invariants',
      'checkConstraints',
      'changeDataFeed',
      'generatedColumns',
      'identityColumns',
      'columnMapping',
    ])
    expect(writerFeatures({ ...legacy(1, 7), writerFeatures: ['appendOnly'] })).toEqual(['appendOnly'])
    expect(writerFeatures({ ...legacy(2, 7), writerFeatures: [] })).toEqual(['columnMapping'])
  })

  it.each([1, 2, 3, 4, 5, 6])('of writer version %i can be written where their features are not used', (version) => {
    checkWritable(legacy(1, version), metadata())
  })

  it('that only list what they do not use can be written', () => {
    const unused = TABLE_FEATURES.filter(({ write }) => write.status === 'supported' || write.unless !== undefined)
    const readers = unused.filter(({ kind }) => kind === 'readerWriter').map(({ name }) => name)
    const writers = unused.filter(({ kind }) => kind === 'writer').map(({ name }) => name)
    checkWritable(listing(readers, writers), metadata())
    checkWritable({ ...legacy(1, 7), writerFeatures: ['invariants'] }, metadata())
  })

  it.each<[string, Metadata]>([
    ['columnMapping', metadata({ 'delta.columnMapping.mode': 'name' })],
    ['icebergCompatV1', metadata({ 'delta.enableIcebergCompatV1': 'true' })],
    ['variantType', metadata({}, { type: 'variant' })],
    [
      'variantType',
      metadata({}, { type: { type: 'map', keyType: 'string', valueType: 'variant', valueContainsNull: true } }),
    ],
  ])('that use %s are refused by name before anything is written', (name, table) => {
    const protocol = tableFeature(name)?.kind === 'writer' ? listing([], [name]) : listing([name])
    const error = refusalOf(() => checkWritable(protocol, table))
    expect(error).toMatchObject({ code: 'UnsupportedFeature', details: { features: [name] } })
    expect(error?.message).toContain(`'${name}'`)
    checkReadable(protocol)
  })

  it('whose rules for rows are applied can be written', () => {
    const rules = ['invariants', 'checkConstraints', 'generatedColumns', 'identityColumns', 'allowColumnDefaults']
    const field = {
      'delta.invariants': '{}',
      'delta.generationExpression': 'b',
      'delta.identity.start': 1,
      CURRENT_DEFAULT: '1',
    }
    checkWritable(listing([], rules), metadata({ 'delta.constraints.positive': 'a > 0' }, { metadata: field }))
  })

  it('name every feature that is missing, and the version that asks for them', () => {
    const error = refusalOf(() => checkReadable(listing(['fooBar', 'deletionVectors', 'geospatial'])))
    expect(error).toMatchObject({ code: 'UnsupportedFeature', details: { features: ['fooBar', 'geospatial'] } })
    expect(error?.message).toMatch(/reader version 3.*'fooBar'.*'geospatial'/)
  })

  it('of catalogs are refused with the reason', () => {
    expect(refusalOf(() => checkReadable(listing(['catalogManaged'])))?.message).toMatch(/catalog decides/)
  })

  it('of versions to come are refused, each side for itself', () => {
    expect(refusalOf(() => checkReadable(legacy(4, 7)))?.message).toMatch(/needs reader version 4/)
    checkReadable(legacy(1, 99))
    expect(refusalOf(() => checkWritable(legacy(1, 99), metadata()))?.message).toMatch(/needs writer version 99/)
  })

  it('with writer features that are unknown can be read and not written', () => {
    checkReadable(listing([], ['fooBar']))
    expect(refusalOf(() => checkWritable(listing([], ['fooBar']), metadata()))?.message).toMatch(/fooBar/)
  })

  it('that name no features where they have to are corrupt', () => {
    expect(refusalOf(() => checkReadable(legacy(3, 7)))?.code).toBe('CorruptLog')
    expect(refusalOf(() => checkWritable(legacy(1, 7), metadata()))?.code).toBe('CorruptLog')
  })
})

describe('column mapping', () => {
  const mapped = (more: object = {}): object => ({
    metadata: { 'delta.columnMapping.id': 1, 'delta.columnMapping.physicalName': 'col-1', ...more },
  })

  it('can be written where every column has a physical name and an id', () => {
    checkWritable(legacy(2, 5), metadata({ 'delta.columnMapping.mode': 'name' }, mapped()))
    checkWritable(listing(['columnMapping']), metadata({ 'delta.columnMapping.mode': 'id' }, mapped()))
  })

  it('is refused where a nested column lacks them', () => {
    const inner = { name: 'x', type: 'long', nullable: true, metadata: {} }
    const type = { type: 'array', elementType: { type: 'struct', fields: [inner] }, containsNull: true }
    const table = metadata({ 'delta.columnMapping.mode': 'name' }, { ...mapped(), type })
    expect(refusalOf(() => checkWritable(legacy(2, 5), table))).toMatchObject({ code: 'UnsupportedFeature' })
  })

  it('that the protocol does not support is not written by: readers would look for other names', () => {
    const table = metadata({ 'delta.columnMapping.mode': 'name' }, mapped())
    const error = refusalOf(() => checkWritable(legacy(1, 2), table))
    expect(error).toMatchObject({ code: 'UnsupportedFeature', details: { features: ['columnMapping'] } })
  })
})

describe('readerCompatibility', () => {
  it('says of each feature what lakewright does, and of each engine whether it reads the table', () => {
    const protocol = listing(['deletionVectors', 'columnMapping', 'typeWidening'], ['invariants', 'fooBar'])
    const report = readerCompatibility(protocol, metadata())
    expect(report.features).toMatchObject([
      { name: 'deletionVectors', read: 'supported', write: 'supported' },
      { name: 'columnMapping', kind: 'readerWriter', read: 'supported', write: 'supported' },
      { name: 'typeWidening', read: 'supported' },
      { name: 'invariants', kind: 'writer', read: 'supported', write: 'supported' },
      { name: 'fooBar', kind: 'unknown', read: 'supported', write: 'refused' },
    ])
    expect(report.engines).toEqual([
      { engine: 'Spark', reads: true, missing: [] },
      { engine: 'delta-rs', reads: false, missing: ['typeWidening'] },
      { engine: 'DuckDB', reads: true, missing: [] },
      { engine: 'Polars', reads: false, missing: ['columnMapping', 'typeWidening'] },
      { engine: 'Trino', reads: true, missing: [] },
      { engine: 'ClickHouse', reads: true, missing: [] },
    ])
  })
})

describe('newTableProtocol', () => {
  it('is the oldest that does', () => {
    expect(newTableProtocol(metadata({ 'my.own': '1' }))).toEqual({
      protocol: legacy(1, 2),
      configuration: { 'my.own': '1' },
    })
  })

  it.each<[string, Metadata, readonly string[] | undefined, readonly string[]]>([
    [
      'a timestamp without zone',
      metadata({}, { type: 'timestamp_ntz' }),
      ['timestampNtz'],
      ['appendOnly', 'invariants', 'timestampNtz'],
    ],
    [
      'deletion vectors',
      metadata({ 'delta.enableDeletionVectors': 'true' }),
      ['deletionVectors'],
      ['appendOnly', 'deletionVectors', 'invariants'],
    ],
    [
      'a change feed',
      metadata({ 'delta.enableChangeDataFeed': 'true' }),
      undefined,
      ['appendOnly', 'changeDataFeed', 'invariants'],
    ],
    [
      'row tracking',
      metadata({ 'delta.enableRowTracking': 'true' }),
      undefined,
      ['appendOnly', 'domainMetadata', 'invariants', 'rowTracking'],
    ],
    [
      'V2 checkpoints',
      metadata({ 'delta.checkpointPolicy': 'v2' }),
      ['v2Checkpoint'],
      ['appendOnly', 'invariants', 'v2Checkpoint'],
    ],
  ])('names what %s needs, and never forgets what version 2 implies', (_, table, readers, writers) => {
    expect(newTableProtocol(table).protocol).toEqual({
      type: 'protocol',
      minReaderVersion: readers === undefined ? 1 : 3,
      minWriterVersion: 7,
      ...(readers === undefined ? {} : { readerFeatures: readers }),
      writerFeatures: writers,
    })
  })

  it('gives what is asked for, and does not store the asking', () => {
    const asked = metadata({ 'delta.feature.v2Checkpoint': 'supported', 'delta.minWriterVersion': '4', a: 'b' })
    const { protocol, configuration } = newTableProtocol(asked)
    expect(protocol.readerFeatures).toEqual(['v2Checkpoint'])
    expect(configuration).toEqual({ a: 'b' })
    expect(newTableProtocol(metadata({ 'delta.minWriterVersion': '4' })).protocol).toEqual(legacy(1, 4))
    expect(newTableProtocol(metadata({ 'delta.minReaderVersion': '3' })).protocol).toMatchObject({ readerFeatures: [] })
  })

  it.each([
    { 'delta.feature.fooBar': 'supported' },
    { 'delta.feature.v2Checkpoint': 'yes' },
    { 'delta.minWriterVersion': '8' },
  ])('refuses %j', (configuration) => {
    expect(refusalOf(() => newTableProtocol(metadata(configuration as never)))?.code).toBe('InvalidArgument')
  })
})
