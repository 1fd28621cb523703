import { beforeEach, describe, expect, it } from 'vitest'
import type { Column } from '../../src/arrow/column.js'
import { plainValue } from '../../src/log/checkpoint/plain-value.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import type { Action } from '../../src/protocol/actions/action.js'
import { checkpointKey, commitKey, LAST_CHECKPOINT_KEY } from '../../src/protocol/log-path.js'
import type { JsonValue } from '../../src/schema/data-type.js'
import { advanceSnapshot } from '../../src/snapshot/advance-snapshot.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { writeCheckpoint } from '../../src/snapshot/write-checkpoint.js'
import { addFile, metadata, protocol, removeFile, TestLog } from '../log/test-log.js'
import { filesOf } from './files-of.js'

const DAY = 86_400_000

let log: TestLog
beforeEach(() => {
  log = new TestLog()
})

type Rows = { readonly [column: string]: readonly JsonValue[] }

/** The values of each column of a Parquet file, nulls left out. */
async function columnsOf(key: string): Promise<Rows> {
  const columns: { [name: string]: JsonValue[] } = {}
  const file = await openParquet(bytesSource(key, await log.store.get(key)))
  for await (const batch of file.read()) {
    for (const [i, { name }] of batch.schema.fields.entries()) {
      columns[name] ??= []
      for (let row = 0; row < batch.numRows; row++) {
        const value = plainValue(batch.data.children[i] as Column, row)
        if (value !== undefined) columns[name].push(value)
      }
    }
  }
  return columns
}

async function fieldsOf(key: string, column: string): Promise<string[]> {
  const { schema } = await openParquet(bytesSource(key, await log.store.get(key)))
  const found = schema.fields.find(({ name }) => name === column)
  return found?.type.children.map(({ name }: { readonly name: string }) => name) ?? []
}

async function writeAt(version: number, ...actions: readonly Action[]): Promise<void> {
  await log.commit(version, ...actions)
  await writeCheckpoint(await openSnapshot(log.location))
}

const SCHEMA = JSON.stringify({
  type: 'struct',
  fields: [
    { name: 'id', type: 'long', nullable: true, metadata: {} },
    { name: 'at', type: 'timestamp', nullable: true, metadata: {} },
    {
      name: 'n',
      type: { type: 'struct', fields: [{ name: 'd', type: 'decimal(10,2)', nullable: true, metadata: {} }] },
      nullable: true,
      metadata: {},
    },
    { name: 'p', type: 'date', nullable: true, metadata: {} },
  ],
})
const STATS =
  '{"numRecords":3,"minValues":{"id":-9007199254740993,"at":"2026-01-01T00:00:00.123Z","n":{"d":1.50}},"maxValues":{"id":7,"at":"2026-01-02T00:00:00.000Z","n":{"d":2.25}},"nullCount":{"id":0,"at":1,"n":{"d":2}}}'

describe('a checkpoint', () => {
  it('has a column for each kind of action, with the fields of the protocol', async () => {
    await log.commit(0, protocol(), metadata())
    await writeAt(1, addFile('a'), removeFile('b', { size: 5, stats: '{}', tags: { x: 'y' } }))
    const key = checkpointKey(1)
    const { schema } = await openParquet(bytesSource(key, await log.store.get(key)))
    expect(schema.fields.map(({ name }) => name)).toEqual([
      'protocol',
      'metaData',
      'txn',
      'domainMetadata',
      'add',
      'remove',
    ])
    expect(await fieldsOf(key, 'add')).toEqual(
      expect.arrayContaining([
        'path',
        'partitionValues',
        'size',
        'modificationTime',
        'dataChange',
        'stats',
        'tags',
        'deletionVector',
      ]),
    )
    // Tombstones have neither (PROTOCOL.md, "Checkpoints").
    expect(await fieldsOf(key, 'remove')).not.toEqual(expect.arrayContaining(['stats']))
    expect(await fieldsOf(key, 'remove')).not.toEqual(expect.arrayContaining(['tags']))
    expect(await columnsOf(key)).toMatchObject({
      protocol: [{ minReaderVersion: 1, minWriterVersion: 2 }],
      metaData: [
        { id: metadata().id, format: { provider: 'parquet', options: {} }, partitionColumns: ['p'], configuration: {} },
      ],
      add: [{ path: 'a', partitionValues: { p: 'a' }, size: 100, dataChange: false, stats: '{"numRecords":1}' }],
      remove: [{ path: 'b', size: 5, dataChange: false }],
    })
  })

  it('is pointed at by _last_checkpoint, with what is in it', async () => {
    await log.commit(0, protocol(), metadata())
    await writeAt(1, addFile('a'), addFile('b'), removeFile('c'), { type: 'txn', appId: 'x', version: 1 })
    const hint = JSON.parse(await log.text(LAST_CHECKPOINT_KEY))
    const { size } = await log.store.head(checkpointKey(1))
    expect(hint).toEqual({ version: 1, size: 6, sizeInBytes: size, numOfAddFiles: 2 })
  })

  it('keeps tombstones until they expire, also those of the checkpoint before it', async () => {
    log.time = Date.UTC(2026, 5, 30)
    const old = removeFile('old', { deletionTimestamp: log.time - 8 * DAY })
    const young = removeFile('young', { deletionTimestamp: log.time - DAY })
    await log.commit(0, protocol(), metadata())
    await writeAt(
      1,
      old,
      young,
      removeFile('timeless', { deletionTimestamp: 0 }),
      removeFile('back', { deletionTimestamp: log.time }),
    )
    const removed = async (version: number): Promise<JsonValue[]> =>
      ((await columnsOf(checkpointKey(version))).remove ?? []).map((remove) => (remove as { path: string }).path).sort()
    expect(await removed(1)).toEqual(['back', 'young'])
    await writeAt(2, addFile('back'), removeFile('new', { deletionTimestamp: log.time }))
    expect(await removed(2)).toEqual(['new', 'young'])
    await log.delete(commitKey(0), commitKey(1), commitKey(2))
    log.time += 7 * DAY
    await writeAt(3)
    expect(await removed(3)).toEqual([])
  })

  it.each([3, 300])('has %i tombstones whether commits were followed or read', async (many) => {
    log.time = Date.UTC(2026, 5, 30)
    const gone = (path: string): Action => removeFile(path, { deletionTimestamp: log.time })
    const commits: Action[][] = [
      Array.from({ length: many }, (_, i) => gone(`gone-${i}`)),
      [addFile('gone-0'), gone('b')],
      [gone('gone-0'), addFile('c')],
      [removeFile('old', { deletionTimestamp: log.time - 8 * DAY })],
    ]
    await log.commit(0, protocol(), metadata())
    let followed = await openSnapshot(log.location)
    await writeCheckpoint(followed)
    const removed = async (): Promise<string[]> => {
      const { remove = [] } = await columnsOf(checkpointKey(followed.version))
      return remove.map((tombstone) => JSON.stringify(tombstone)).sort()
    }
    for (const actions of commits) {
      await log.commit(followed.version + 1, ...actions)
      followed = advanceSnapshot(followed, followed.version + 1, actions, log.time)
      await writeCheckpoint(followed)
      const byFollowing = await removed()
      await log.delete(checkpointKey(followed.version))
      await writeCheckpoint(await openSnapshot(log.location))
      expect(byFollowing).toEqual(await removed())
    }
  })

  it('leaves out removed domains, and transactions past their retention', async () => {
    log.time = Date.UTC(2026, 5, 30)
    const configuration = { 'delta.setTransactionRetentionDuration': 'interval 1 day' }
    await log.commit(0, protocol(), metadata({ configuration }))
    await log.commit(
      1,
      { type: 'txn', appId: 'old', version: 1, lastUpdated: log.time - 2 * DAY },
      { type: 'txn', appId: 'young', version: 2, lastUpdated: log.time },
      { type: 'txn', appId: 'timeless', version: 9_007_199_254_740_993n },
      { type: 'domainMetadata', domain: 'gone', configuration: '{}', removed: false },
      { type: 'domainMetadata', domain: 'here', configuration: '{}', removed: false },
    )
    await writeAt(2, { type: 'domainMetadata', domain: 'gone', configuration: '{}', removed: true })
    const { txn, domainMetadata } = await columnsOf(checkpointKey(2))
    expect(txn?.map((each) => (each as { appId: string }).appId).sort()).toEqual(['timeless', 'young'])
    expect(domainMetadata).toEqual([{ domain: 'here', configuration: '{}', removed: false }])
    await log.delete(commitKey(0), commitKey(1))
    expect(await (await openSnapshot(log.location)).transactionVersion('timeless')).toBe(9_007_199_254_740_993n)
  })

  it('has statistics and partition values as columns of their own where the table wants it, and as text unless it does not', async () => {
    const configuration = {
      'delta.checkpoint.writeStatsAsStruct': 'true',
      'delta.checkpoint.writeStatsAsJson': 'false',
    }
    await log.commit(0, protocol(), metadata({ schemaString: SCHEMA, configuration }))
    await writeAt(
      1,
      addFile('a', { stats: STATS, partitionValues: { p: '1969-12-31' } }),
      addFile('b', { partitionValues: { p: null } }),
    )
    const key = checkpointKey(1)
    expect(await fieldsOf(key, 'add')).not.toEqual(expect.arrayContaining(['stats']))
    expect(await fieldsOf(key, 'add')).toEqual(expect.arrayContaining(['stats_parsed', 'partitionValues_parsed']))
    await log.delete(commitKey(0), commitKey(1))
    const [a] = await filesOf(await openSnapshot(log.location))
    expect(JSON.parse((a?.stats ?? '').replace('-9007199254740993', '"exact"'))).toEqual({
      ...JSON.parse(STATS.replace('-9007199254740993', '"exact"')),
      tightBounds: true,
    })
  })

  it('of a table that wants V2 has its files in sidecars', async () => {
    const features = ['v2Checkpoint']
    const v2 = protocol({
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: features,
      writerFeatures: features,
    })
    await log.commit(0, v2, metadata({ configuration: { 'delta.checkpointPolicy': 'v2' } }))
    await writeAt(1, addFile('a'), removeFile('b'))
    const keys: string[] = []
    for await (const { key } of log.store.list('_delta_log/')) if (key.endsWith('.parquet')) keys.push(key)
    const [top, sidecar] = keys as [string, string]
    expect(top).toMatch(/_delta_log\/0{19}1\.checkpoint\.[0-9a-f-]{36}\.parquet$/)
    expect(sidecar).toMatch(/_delta_log\/_sidecars\/[0-9a-f-]{36}\.parquet$/)
    const { size } = await log.store.head(sidecar)
    expect(await columnsOf(top)).toMatchObject({
      checkpointMetadata: [{ version: 1 }],
      protocol: [{ readerFeatures: features }],
      sidecar: [{ path: sidecar.split('/').at(-1), sizeInBytes: size }],
    })
    // Spark does not open a top level that lacks the columns of file actions.
    expect(await columnsOf(top)).toMatchObject({ add: [], remove: [] })
    expect(await columnsOf(sidecar)).toMatchObject({ add: [{ path: 'a' }], remove: [{ path: 'b' }] })
  })

  it.each([
    ['in sidecars from so many files on, where the table may have them and leaves the choice', {}, 1, 1],
    ['in one file below that', {}, 2, 0],
    ['in one file where the table says so', { 'delta.checkpointPolicy': 'classic' }, 1, 0],
  ])('has its files %s', async (_, configuration, sidecarsFrom, sidecars) => {
    const features = ['v2Checkpoint']
    const writer = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: features, writerFeatures: features }
    await log.commit(0, protocol(writer), metadata({ configuration }), addFile('a'))
    await writeCheckpoint(await openSnapshot(log.location), { sidecarsFrom })
    const keys: string[] = []
    for await (const { key } of log.store.list('_delta_log/_sidecars/')) keys.push(key)
    expect(keys).toHaveLength(sidecars)
    await log.delete(commitKey(0))
    expect(await filesOf(await openSnapshot(log.location))).toHaveLength(1)
  })

  it('does without what checkpoints have no column for', async () => {
    const future = { future: { a: [1] } } as object
    await log.commit(
      0,
      { ...protocol(), ...future },
      { ...metadata(), ...future, format: { provider: 'parquet', ...future } },
    )
    await writeAt(1, { ...addFile('a'), ...future }, { ...removeFile('b'), ...future })
    await log.delete(commitKey(0), commitKey(1))
    expect(await filesOf(await openSnapshot(log.location))).toEqual([{ ...addFile('a'), dataChange: false }])
  })

  it('of an empty table can be opened', async () => {
    await writeAt(0, protocol(), metadata())
    await log.delete(commitKey(0))
    expect(await filesOf(await openSnapshot(log.location))).toEqual([])
  })

  it('carries over what the checkpoint before it holds, large or small, and lets go of what it had to load', async () => {
    const files = Array.from({ length: 30_000 }, (_, i) =>
      addFile(`p=a/part-${i}-${((i * 2654435761) >>> 0).toString(16)}.parquet`, {
        size: i,
        stats: `{"numRecords":${(i * 2654435761) >>> 0}}`,
      }),
    )
    await log.commit(0, protocol(), metadata())
    await writeAt(1, ...files)
    expect((await log.store.head(checkpointKey(1))).size).toBeGreaterThan(1 << 20)
    const snapshot = await (await openSnapshot(log.location)).refresh()
    const { chunks } = await snapshot.files()
    expect(chunks[0]?.stats(0)).toBeUndefined()
    await log.commit(2, removeFile(files[7]?.path as string), addFile('new'))
    const newer = await snapshot.refresh()
    await writeCheckpoint(newer)
    expect((await newer.files()).chunks[0]?.stats(0)).toBeUndefined()
    await log.delete(commitKey(0), commitKey(1), commitKey(2), checkpointKey(1))
    const expected = [...files.toSpliced(7, 1), addFile('new')].map((file) => ({ ...file, dataChange: false }))
    expect(await filesOf(await openSnapshot(log.location))).toEqual(expected)
  })
})
