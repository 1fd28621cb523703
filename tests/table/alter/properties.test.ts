import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, type Row } from '../../../src/index.js'
import { commandLine } from '../../cli/command-line.js'
import { openLocal, type Place } from '../places.js'

let place: Place
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

const rows: readonly Row[] = [{ a: 1 }, { a: 2 }]

async function newTable(properties: Record<string, string> = {}, schema = 'a INT'): Promise<DeltaTable> {
  const table: DeltaTable = await DeltaTable.create(place.url(), { schema, properties })
  await table.append(rows)
  return table
}

describe('table properties', () => {
  it.each<[string, string, readonly string[], readonly string[] | undefined]>([
    ['delta.enableDeletionVectors', 'true', ['deletionVectors'], ['deletionVectors']],
    ['delta.enableChangeDataFeed', 'true', ['changeDataFeed'], undefined],
    ['delta.enableTypeWidening', 'true', ['typeWidening'], ['typeWidening']],
    ['delta.checkpointPolicy', 'v2', ['v2Checkpoint'], ['v2Checkpoint']],
    ['delta.enableInCommitTimestamps', 'true', ['inCommitTimestamp'], undefined],
    ['delta.feature.timestampNtz', 'supported', ['timestampNtz'], ['timestampNtz']],
    ['delta.feature.vacuumProtocolCheck', 'supported', ['vacuumProtocolCheck'], ['vacuumProtocolCheck']],
    ['delta.feature.rowTracking', 'supported', ['domainMetadata', 'rowTracking'], undefined],
    ['delta.feature.clustering', 'supported', ['clustering', 'domainMetadata'], undefined],
    ['delta.minWriterVersion', '7', [], undefined],
  ])('upgrade the protocol where they ask for it: %s = %s', async (key, value, features, readers) => {
    const table = await newTable()
    await table.alter.setProperties({ [key]: value })
    expect(table.protocol).toEqual({
      type: 'protocol',
      minReaderVersion: readers === undefined ? 1 : 3,
      minWriterVersion: 7,
      ...(readers && { readerFeatures: readers }),
      writerFeatures: ['appendOnly', 'invariants', ...features].sort(),
    })
    await table.append(rows)
    const fresh = await DeltaTable.open(table.url)
    expect(await fresh.rows()).toHaveLength(4)
    expect(fresh.metadata.configuration[key]).toBe(
      key.startsWith('delta.feature') || key.includes('Writer') ? undefined : value,
    )
    expect(await table.alter.setProperties({ [key]: value })).toMatchObject({ skipped: true })
  })

  it('of an old protocol keep what it implied', async () => {
    const table = await newTable({ 'delta.minReaderVersion': '2', 'delta.minWriterVersion': '5' })
    await table.alter.setProperties({ 'delta.enableDeletionVectors': 'true', owner: 'me' })
    expect(table.protocol.readerFeatures).toEqual(['columnMapping', 'deletionVectors'])
    expect(table.protocol.writerFeatures).toEqual([
      'appendOnly',
      'changeDataFeed',
      'checkConstraints',
      'columnMapping',
      'deletionVectors',
      'generatedColumns',
      'invariants',
    ])
    await table.alter.unsetProperties(['owner', 'delta.enableDeletionVectors'])
    expect(table.metadata.configuration).toEqual({})
    expect(table.protocol.readerFeatures).toContain('deletionVectors')
  })

  it('record when in-commit timestamps were turned on, and forget it when they are turned off', async () => {
    const table = await newTable()
    await table.alter.setProperties({ 'delta.enableInCommitTimestamps': 'true' })
    const { configuration } = table.metadata
    expect(configuration['delta.inCommitTimestampEnablementVersion']).toBe('2')
    const [entry] = await table.history({ limit: 1 })
    expect(configuration['delta.inCommitTimestampEnablementTimestamp']).toBe(String(entry?.timestamp.getTime()))
    await table.append(rows)
    expect(await (await table.at({ timestamp: entry?.timestamp as Date })).rows()).toHaveLength(2)
    await table.alter.unsetProperties(['delta.enableInCommitTimestamps'])
    expect(table.metadata.configuration).toEqual({})
  })

  it('enable row tracking with ids for the rows that are there, and for those that come', async () => {
    const table = await newTable()
    await table.append(rows)
    const others = await DeltaTable.open(table.url)
    const [result] = await Promise.all([
      table.alter.setProperties({ 'delta.enableRowTracking': 'true' }),
      others.append([{ a: 9 }]),
    ])
    expect(result.operation).toBe('SET TBLPROPERTIES')
    await table.refresh()
    await table.append([{ a: 3 }])
    const read = await table.rows({ columns: ['a', '_metadata'] })
    const ids = read.map((row) => (row._metadata as { row_id: bigint }).row_id)
    expect(new Set(ids).size).toBe(6)
    expect(ids).not.toContain(null)
    expect(await table.rows()).toHaveLength(6)
  })

  it.each<[string, Record<string, string>, string]>([
    ['a property that there is not', { 'delta.enableDeletionVector': 'true' }, 'delta.enableDeletionVectors'],
    ['a value that is none', { 'delta.appendOnly': 'yes' }, 'true or false'],
    ['a constraint', { 'delta.constraints.x': 'a > 0' }, 'add-constraint'],
    ['a feature that there is not', { 'delta.feature.fooBar': 'supported' }, 'fooBar'],
  ])('refuse %s', async (_, properties, text) => {
    const table = await newTable()
    await expect(table.alter.setProperties(properties)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining(text),
    })
  })

  it('do not make a table that could not be written any more', async () => {
    const table = await newTable()
    const failure = table.alter.setProperties({
      'delta.enableIcebergCompatV2': 'true',
      'delta.columnMapping.mode': 'name',
    })
    await expect(failure).rejects.toMatchObject({ code: 'UnsupportedFeature' })
    await expect(table.alter.unsetProperties(['ownr'])).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(await table.alter.unsetProperties(['ownr'], { ifExists: true })).toMatchObject({ skipped: true })
  })
})

describe('constraints', () => {
  it('are checked on the rows that are there, then on those that come', async () => {
    const table = await newTable()
    await expect(table.alter.addConstraint('big', 'a > 1')).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: { constraint: 'big' },
    })
    await table.alter.addConstraint('positive', 'a > 0')
    expect(table.protocol.writerFeatures).toContain('checkConstraints')
    await expect(table.append([{ a: 0 }])).rejects.toMatchObject({ code: 'ConstraintViolated' })
    await expect(table.alter.addConstraint('POSITIVE', 'a > 5')).rejects.toThrow('already')
    await expect(table.alter.addConstraint('odd', 'b > 5')).rejects.toMatchObject({ code: 'UnknownColumn' })
    await expect(table.alter.dropConstraint('positiv')).rejects.toThrow('It has positive')
    await table.alter.dropConstraint('positive')
    await table.append([{ a: 0 }])
    expect(await table.alter.dropConstraint('positive', { ifExists: true })).toMatchObject({ skipped: true })
  })
})

describe('defaults', () => {
  it('are for rows that come, until they are taken away', async () => {
    const table = await newTable({}, 'a INT, kind STRING')
    await table.alter.setDefault('KIND', "'unknown'")
    expect(table.protocol.writerFeatures).toContain('allowColumnDefaults')
    await table.append([{ a: 3 }, { a: 4, kind: null }])
    await table.alter.setDefault('kind', null)
    await table.append([{ a: 5 }])
    expect((await table.rows()).sort((x, y) => Number(x.a) - Number(y.a)).map(({ kind }) => kind)).toEqual([
      null,
      null,
      'unknown',
      null,
      null,
    ])
    await expect(table.alter.setDefault('kind', 'nonsense(1)')).rejects.toMatchObject({ code: 'UnsupportedFeature' })
  })
})

describe('features', () => {
  it('go when nothing needs them, with their properties', async () => {
    const table = await newTable({ 'delta.enableInCommitTimestamps': 'true', 'delta.checkpointPolicy': 'v2' })
    await table.alter.addConstraint('positive', 'a > 0')
    await expect(table.alter.dropFeature('checkConstraints')).rejects.toThrow('drop them first')
    await table.alter.dropConstraint('positive')
    await table.alter.dropFeature('checkConstraints')
    await table.alter.dropFeature('inCommitTimestamp')
    await table.checkpoint()
    await table.alter.dropFeature('v2Checkpoint')
    expect(table.protocol).toEqual({
      type: 'protocol',
      minReaderVersion: 1,
      minWriterVersion: 7,
      writerFeatures: ['appendOnly', 'checkpointProtection', 'invariants'],
    })
    expect(table.metadata.configuration).toEqual({
      'delta.requireCheckpointProtectionBeforeVersion': String(table.version),
    })
    await table.append(rows)
    expect(await (await DeltaTable.open(table.url)).rows()).toHaveLength(4)

    // What protects checkpoints goes with the versions that they stand for.
    await expect(table.alter.dropFeature('checkpointProtection')).rejects.toThrow('the log has versions before')
    await table.checkpoint()
    const log = join(fileURLToPath(table.url), '_delta_log')
    for (const name of await readdir(log)) {
      if (/^\d{20}/.test(name) && Number(name.slice(0, 20)) < table.version) await rm(join(log, name))
    }
    const reopened: DeltaTable = await DeltaTable.open(table.url)
    await reopened.alter.dropFeature('checkpointProtection')
    expect(reopened.protocol).toEqual({ type: 'protocol', minReaderVersion: 1, minWriterVersion: 2 })
    expect(reopened.metadata.configuration).toEqual({})
    expect(await (await DeltaTable.open(table.url)).rows()).toHaveLength(4)
  })

  it('stay as long as deletion vectors hide rows', async () => {
    const table = await newTable({ 'delta.enableDeletionVectors': 'true' })
    await table.append([{ a: 3 }, { a: 4 }])
    await table.delete('a = 3')
    await expect(table.alter.dropFeature('deletionVectors')).rejects.toThrow('purge')
    await table.purge()
    await table.alter.dropFeature('deletionVectors')
    expect(table.protocol).toMatchObject({ minReaderVersion: 1 })
    expect((await (await DeltaTable.open(table.url)).rows()).map(({ a }) => a).sort()).toEqual([1, 2, 4])
  })

  it('stop to number rows: files lose the ids of theirs, and nothing else', async () => {
    const table = await newTable({ 'delta.enableRowTracking': 'true', 'delta.enableDeletionVectors': 'true' })
    await table.append([{ a: 3 }, { a: 4 }])
    await table.update({ set: { a: 5 }, where: 'a = 3' })
    await table.alter.dropFeature('rowTracking')
    await table.alter.dropFeature('domainMetadata')
    const reopened = await DeltaTable.open(table.url)
    expect(reopened.protocol.writerFeatures).toEqual(['appendOnly', 'deletionVectors', 'invariants'])
    expect(reopened.metadata.configuration).toEqual({ 'delta.enableDeletionVectors': 'true' })
    for await (const file of await reopened.files()) expect(file).not.toHaveProperty('baseRowId')
    await reopened.append([{ a: 6 }])
    await reopened.purge()
    await reopened.optimize()
    expect((await reopened.rows()).map(({ a }) => a).sort()).toEqual([1, 2, 4, 5, 6])
  })

  it('end with the last column that has a default, and with clustering', async () => {
    const table = await newTable({ 'delta.feature.allowColumnDefaults': 'supported' })
    await table.alter.setDefault('a', '7')
    await table.alter.clusterBy(['a'])
    await expect(table.alter.dropFeature('allowColumnDefaults')).rejects.toThrow('drop those first')
    await expect(table.alter.dropFeature('clustering')).rejects.toThrow('cluster it by no column first')
    await table.alter.setDefault('a', null)
    await table.alter.clusterBy([])
    await table.alter.dropFeature('allowColumnDefaults')
    await table.alter.dropFeature('clustering')
    await table.alter.dropFeature('domainMetadata')
    const reopened = await DeltaTable.open(table.url)
    expect(reopened.protocol).toEqual({ type: 'protocol', minReaderVersion: 1, minWriterVersion: 2 })
    await reopened.append([{ a: 3 }])
    expect((await reopened.rows()).length).toBeGreaterThan(0)
  })

  it.each([
    ['that the table does not have', 'checkConstraint', 'Did you mean'],
    ['that another requires', 'domainMetadata', "'rowTracking' requires it"],
    ['that cannot go', 'appendOnly', 'can be dropped'],
  ])('are not dropped: one %s', async (_, name, text) => {
    const table = await newTable({
      'delta.feature.rowTracking': 'supported',
      'delta.feature.checkConstraints': 'supported',
    })
    await expect(table.alter.dropFeature(name)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining(text),
    })
  })

  it('for clustering name the columns', async () => {
    const table = await newTable({ 'delta.columnMapping.mode': 'name' })
    await table.alter.clusterBy(['a'])
    expect(table.protocol.writerFeatures).toContain('clustering')
    await expect(table.alter.dropColumn('a')).rejects.toMatchObject({ code: 'InvalidSchema' })
    await table.append(rows)
    expect(await table.alter.clusterBy(['A'])).toMatchObject({ skipped: true })
    await expect(table.alter.clusterBy(['b'])).rejects.toMatchObject({ code: 'UnknownColumn' })
  })
})

it('a table says what it is called and what it is for', async () => {
  const table = await newTable()
  await table.alter.describe({ name: 'events', description: 'clicks' })
  await table.alter.describe({ name: null })
  expect((await DeltaTable.open(table.url)).metadata).toMatchObject({ description: 'clicks' })
  expect(table.metadata).not.toHaveProperty('name')
})

it('every change works from the command line', async () => {
  const { url } = await newTable({ 'delta.enableTypeWidening': 'true' }, 'a INT, b STRING')
  const alter = async (...args: string[]): Promise<void> => {
    expect(await commandLine(['alter', url, ...args])).toMatchObject({ code: 0, stderr: '' })
  }
  await alter('set-property', 'delta.columnMapping.mode=name', 'owner=me=you')
  await alter('rename-column', 'b', 'kind')
  await alter('add-column', 'c INT', '--after', 'a')
  await alter('drop-column', 'c')
  await alter('reorder', 'kind', '--first')
  await alter('comment', 'kind', 'what happened')
  await alter('set-default', 'kind', "'x'")
  await alter('set-default', 'kind')
  await alter('change-type', 'a', 'BIGINT')
  await alter('set-nullable', 'a', '--not')
  await alter('add-constraint', 'positive', 'a > 0')
  await alter('drop-constraint', 'positive')
  await alter('rename-table', 'events')
  await alter('description', 'all of them')
  await alter('unset-property', 'owner', 'other', '--if-exists')
  await alter('cluster-by', 'a')
  await alter('drop-feature', 'checkConstraints')
  const table = await DeltaTable.open(url)
  expect(table.metadata).toMatchObject({ name: 'events', description: 'all of them' })
  expect(table.metadata.configuration).not.toHaveProperty('owner')
  expect(await table.rows()).toEqual([
    { kind: null, a: 1n },
    { kind: null, a: 2n },
  ])
  expect((await commandLine(['alter', url, 'set-property', 'owner'])).code).toBe(2)
  expect((await commandLine(['alter', url, 'reorder', 'a'])).code).toBe(3)
})
