import { describe, expect, it } from 'vitest'
import type { Action, CommitInfo, DomainMetadata, RemoveFile } from '../../src/protocol/actions/action.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { commit } from '../../src/transaction/commit.js'
import {
  add,
  commitElsewhere,
  committed,
  pathsOf,
  prepared,
  protocolWith,
  testMetadata,
  testTable,
} from './test-table.js'

const remove = (path: string, change: Partial<RemoveFile> = {}): RemoveFile => ({
  type: 'remove',
  path,
  dataChange: true,
  ...change,
})
const reading = (...files: string[]) => ({ read: { files } })

describe('an append-only table', () => {
  const table = () => testTable({ configuration: { 'delta.appendOnly': 'true' } })

  it('takes appends and compactions', async () => {
    const { snapshot } = await table()
    const first = await commit(snapshot, prepared([add('a')]))
    const moved = [remove('a', { dataChange: false }), add('b', { dataChange: false })]
    const second = await commit(first.snapshot, prepared(moved, reading('a')))
    expect(await pathsOf(second.snapshot)).toEqual(['b'])
  })

  it('refuses to lose rows', async () => {
    const { snapshot } = await table()
    const first = await commit(snapshot, prepared([add('a')]))
    await expect(commit(first.snapshot, prepared([remove('a')], reading('a')))).rejects.toMatchObject({
      code: 'AppendOnlyTable',
    })
  })
})

describe('a commit', () => {
  it.each<[string, readonly Action[]]>([
    ['adds a file twice', [add('a'), add('a')]],
    ['removes a file twice', [remove('a'), remove('a')]],
    ['has two metadata', [testMetadata(), testMetadata()]],
    [
      'has a domain that the protocol lacks',
      [{ type: 'domainMetadata', domain: 'd', configuration: '', removed: false }],
    ],
    [
      'has a deletion vector that the protocol lacks',
      [add('a', { deletionVector: { storageType: 'i', pathOrInlineDv: '', sizeInBytes: 0, cardinality: 0 } })],
    ],
  ])('that %s is not written', async (_, actions) => {
    const { snapshot, location } = await testTable()
    await expect(commit(snapshot, prepared(actions))).rejects.toMatchObject({ code: 'Internal' })
    expect((await openSnapshot(location)).version).toBe(0)
  })

  it('is refused when a winner gave the table a feature that it cannot satisfy', async () => {
    const table = await testTable()
    const { snapshot } = table
    const upgrade = { ...protocolWith('fooBar') }
    await commitElsewhere(table, 1, [{ type: 'commitInfo', operation: 'UPGRADE', isBlindAppend: true }, upgrade])
    await expect(commit(snapshot, prepared([add('mine')]))).rejects.toMatchObject({
      code: 'UnsupportedFeature',
      details: { features: ['fooBar'] },
    })
  })
})

describe('in-commit timestamps', () => {
  const ENABLED = { 'delta.enableInCommitTimestamps': 'true' }
  const timeOf = async (location: Parameters<typeof committed>[0], version: number): Promise<number | undefined> =>
    ((await committed(location, version))[0] as CommitInfo).inCommitTimestamp

  it('grow with every version, even where the clock goes back', async () => {
    const { snapshot, location, clock } = await testTable({
      protocol: protocolWith('inCommitTimestamp'),
      configuration: ENABLED,
    })
    const start = clock.now()
    expect(await timeOf(location, 0)).toBe(start)
    clock.time -= 60_000
    const first = await commit(snapshot, prepared([add('a')]))
    expect(await timeOf(location, 1)).toBe(start + 1)
    expect(first.snapshot.timestamp).toBe(start + 1)
    clock.time = start + 5000
    await commit(first.snapshot, prepared([add('b')]))
    expect(await timeOf(location, 2)).toBe(start + 5000)
  })

  it('follow those of winners', async () => {
    const table = await testTable({
      protocol: protocolWith('inCommitTimestamp'),
      configuration: ENABLED,
    })
    const { snapshot, location, clock } = table
    const theirs = clock.now() + 1_000_000
    await commitElsewhere(table, 1, [
      { type: 'commitInfo', operation: 'WRITE', isBlindAppend: true, inCommitTimestamp: theirs },
      add('theirs'),
    ])
    await commit(snapshot, prepared([add('mine')]))
    expect(await timeOf(location, 2)).toBe(theirs + 1)
  })

  it('that are turned on later say since when', async () => {
    const table = await testTable({ protocol: protocolWith('inCommitTimestamp') })
    const { snapshot, location, clock } = table
    clock.time += 1000
    const theirs = [{ type: 'commitInfo', operation: 'WRITE', isBlindAppend: true } as const, add('theirs')]
    await commitElsewhere(table, 1, theirs)
    clock.time -= 1000
    const { snapshot: enabled } = await commit(snapshot, prepared([testMetadata(ENABLED)]))
    const time = await timeOf(location, 2)
    expect(time).toBe(clock.now() + 1001)
    expect(enabled.metadata.configuration).toEqual({
      ...ENABLED,
      'delta.inCommitTimestampEnablementVersion': '2',
      'delta.inCommitTimestampEnablementTimestamp': String(time),
    })
  })
})

describe('row tracking', () => {
  const PROTOCOL = protocolWith('domainMetadata', 'rowTracking')
  const idsOf = async (location: Parameters<typeof committed>[0], version: number) => {
    const actions = await committed(location, version)
    const files = actions.flatMap((action) =>
      action.type === 'add' ? [[action.path, action.baseRowId, action.defaultRowCommitVersion]] : [],
    )
    const domain = actions.find((action): action is DomainMetadata => action.type === 'domainMetadata')
    return { files, mark: domain === undefined ? undefined : JSON.parse(domain.configuration).rowIdHighWaterMark }
  }

  it('gives every row an id above the high-water mark', async () => {
    const { snapshot, location } = await testTable({ protocol: PROTOCOL })
    const first = await commit(snapshot, prepared([add('a'), add('b', { stats: '{"numRecords":5}' })]))
    expect(await idsOf(location, 1)).toEqual({
      files: [
        ['a', 0, 1],
        ['b', 10, 1],
      ],
      mark: 14,
    })
    await commit(first.snapshot, prepared([add('c')]))
    expect(await idsOf(location, 2)).toEqual({ files: [['c', 15, 2]], mark: 24 })
  })

  it('counts on from a winner', async () => {
    const { snapshot, location } = await testTable({ protocol: PROTOCOL })
    await commit(snapshot, prepared([add('theirs')]))
    await commit(snapshot, prepared([add('mine')]))
    expect(await idsOf(location, 2)).toEqual({ files: [['mine', 10, 2]], mark: 19 })
  })

  it('keeps the ids of files that have some, and may be suspended', async () => {
    const { snapshot, location } = await testTable({ protocol: PROTOCOL })
    await commit(snapshot, prepared([add('back', { baseRowId: 3, defaultRowCommitVersion: 0 })]))
    expect(await idsOf(location, 1)).toEqual({ files: [['back', 3, 0]], mark: undefined })
    const suspended = await testTable({ protocol: PROTOCOL, configuration: { 'delta.rowTrackingSuspended': 'true' } })
    await commit(suspended.snapshot, prepared([add('a')]))
    expect(await idsOf(suspended.location, 1)).toEqual({ files: [['a', undefined, undefined]], mark: undefined })
  })

  it('says in commitInfo whether rows kept their ids', async () => {
    const { snapshot, location } = await testTable({ protocol: PROTOCOL })
    const first = await commit(snapshot, prepared([add('a')]))
    await commit(first.snapshot, prepared([remove('a'), add('b')], reading('a')))
    expect((await committed(location, 1))[0]).toMatchObject({ tags: { 'delta.rowTracking.preserved': 'true' } })
    expect((await committed(location, 2))[0]).toMatchObject({ tags: { 'delta.rowTracking.preserved': 'false' } })
  })

  it('refuses to move rows without their ids', async () => {
    const { snapshot, location } = await testTable({
      protocol: PROTOCOL,
      configuration: { 'delta.enableRowTracking': 'true' },
    })
    expect(snapshot.metadata.configuration).toMatchObject({
      'delta.rowTracking.materializedRowIdColumnName': expect.stringMatching(/^_row-id-col-/),
      'delta.rowTracking.materializedRowCommitVersionColumnName': expect.stringMatching(/^_row-commit-version-col-/),
    })
    const first = await commit(snapshot, prepared([add('a')]))
    const moved = [remove('a', { dataChange: false }), add('b', { dataChange: false })]
    await expect(commit(first.snapshot, prepared(moved, reading('a')))).rejects.toMatchObject({
      code: 'UnsupportedFeature',
    })
    expect((await openSnapshot(location)).version).toBe(1)
  })

  it('needs to know how many rows a file has', async () => {
    const { snapshot } = await testTable({ protocol: PROTOCOL })
    const { stats: _, ...bare } = add('a')
    await expect(commit(snapshot, prepared([bare]))).rejects.toMatchObject({ code: 'Internal' })
  })
})

describe('a clustered table', () => {
  const cluster: DomainMetadata = {
    type: 'domainMetadata',
    domain: 'delta.clustering',
    configuration: '{"clusteringColumns":[["x"]]}',
    removed: false,
  }

  it('takes files that have statistics of the clustering columns, and no others', async () => {
    const { snapshot } = await testTable({ protocol: protocolWith('domainMetadata', 'clustering') })
    const first = await commit(snapshot, prepared([cluster]))
    const whole = add('a', { stats: '{"numRecords":1,"nullCount":{"x":0}}' })
    await commit(first.snapshot, prepared([whole]))
    await expect(commit(first.snapshot, prepared([add('b')]))).rejects.toMatchObject({
      code: 'UnsupportedFeature',
      details: { column: 'x' },
    })
  })
})
