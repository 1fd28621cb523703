import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action, AddFile, DeletionVectorDescriptor } from '../../src/protocol/actions/action.js'
import { commitKey, LAST_CHECKPOINT_KEY } from '../../src/protocol/log-path.js'
import { advanceSnapshot } from '../../src/snapshot/advance-snapshot.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { writeCheckpoint } from '../../src/snapshot/write-checkpoint.js'
import { addFile, metadata, protocol, removeFile, TestLog } from '../log/test-log.js'
import { filesOf } from './files-of.js'

/** The plainest replay there is: what the log says, in order, into maps. */
class Model {
  readonly files = new Map<string, AddFile>()
  readonly transactions = new Map<string, number | bigint>()
  readonly domains = new Map<string, string>()

  apply(actions: readonly Action[]): void {
    for (const action of actions) {
      if (action.type === 'add') this.files.set(keyOf(action), { ...action, dataChange: false })
      if (action.type === 'remove') this.files.delete(keyOf(action))
      if (action.type === 'txn') this.transactions.set(action.appId, action.version)
      if (action.type === 'domainMetadata' && action.removed) this.domains.delete(action.domain)
      if (action.type === 'domainMetadata' && !action.removed) this.domains.set(action.domain, action.configuration)
    }
  }
}

function keyOf({ path, deletionVector: dv }: { path: string; deletionVector?: DeletionVectorDescriptor }): string {
  return JSON.stringify([path, dv?.storageType, dv?.pathOrInlineDv, dv?.offset])
}

async function expectModel(snapshot: Snapshot, model: Model): Promise<void> {
  expect(byKey(await filesOf(snapshot))).toEqual(byKey([...model.files.values()]))
  for (const app of ['a', 'b']) expect(await snapshot.transactionVersion(app)).toBe(model.transactions.get(app))
  const domains = await snapshot.domainMetadata()
  expect(new Map([...domains].map(([name, { configuration }]) => [name, configuration]))).toEqual(model.domains)
}

function byKey(files: readonly AddFile[]): AddFile[] {
  return files.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const vectors: (DeletionVectorDescriptor | undefined)[] = [
  undefined,
  undefined,
  { storageType: 'u', pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^', offset: 4, sizeInBytes: 40, cardinality: 6 },
  { storageType: 'u', pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^', offset: 44, sizeInBytes: 40, cardinality: 7 },
  {
    storageType: 'i',
    pathOrInlineDv: 'wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L',
    sizeInBytes: 40,
    cardinality: 6,
  },
]

const paths = fc.constantFrom(
  'f0',
  'f1',
  'f2',
  'p=a/f%20x.parquet',
  'p=ü/日本.parquet',
  's3://other/f',
  'file:///abs/f',
  'long'.repeat(30),
)

const adds: fc.Arbitrary<AddFile> = fc
  .record({
    path: paths,
    vector: fc.constantFrom(...vectors),
    partition: fc.constantFrom(null, '', 'a', 'b c', '日本'),
    size: fc.constantFrom(0, 1, 100, 2 ** 31, 2 ** 40 + 7),
    stats: fc.constantFrom(undefined, '{"numRecords":1}', '{"numRecords":3,"minValues":{"id":-9007199254740993}}'),
    rowId: fc.constantFrom(undefined, 0, 17, 2 ** 33),
    tags: fc.constantFrom(undefined, { ZCUBE: 'x"y\\', none: null }),
    provider: fc.constantFrom(undefined, 'liquid'),
  })
  .map(({ path, vector, partition, size, stats, rowId, tags, provider }) => {
    const { stats: _, ...plain } = addFile(path, { partitionValues: { p: partition }, size })
    return {
      ...plain,
      ...(vector && { deletionVector: vector }),
      ...(stats && { stats }),
      ...(rowId !== undefined && { baseRowId: rowId, defaultRowCommitVersion: rowId % 5 }),
      ...(tags && { tags }),
      ...(provider && { clusteringProvider: provider }),
    }
  })

const removes: fc.Arbitrary<Action> = fc
  .record({ path: paths, vector: fc.constantFrom(...vectors) })
  .map(({ path, vector }) => removeFile(path, vector ? { deletionVector: vector } : {}))

const others: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ appId: fc.constantFrom('a', 'b'), version: fc.nat(100) }).map((txn): Action => ({ type: 'txn', ...txn })),
  fc
    .record({ domain: fc.constantFrom('x', 'y'), configuration: fc.constantFrom('{}', '1'), removed: fc.boolean() })
    .map((domain): Action => ({ type: 'domainMetadata', ...domain })),
)

/** Of each kind a commit has at most one action for a file, an application and a domain, as the protocol wants it. */
const commits = fc.array(
  fc.uniqueArray(fc.oneof({ arbitrary: adds, weight: 4 }, { arbitrary: removes, weight: 2 }, others), {
    maxLength: 5,
    selector: (action) =>
      'path' in action
        ? action.path
        : JSON.stringify([action.type, 'appId' in action && action.appId, 'domain' in action && action.domain]),
  }),
  { minLength: 1, maxLength: 12 },
)

const configurations = fc.constantFrom<{ [key: string]: string }>(
  {},
  { 'delta.checkpoint.writeStatsAsStruct': 'true' },
  { 'delta.checkpointPolicy': 'v2' },
  { 'delta.checkpointPolicy': 'v2', 'delta.checkpoint.writeStatsAsStruct': 'true' },
)

const V2 = protocol({
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['deletionVectors', 'v2Checkpoint'],
  writerFeatures: ['deletionVectors', 'v2Checkpoint', 'domainMetadata', 'rowTracking', 'clustering'],
})

async function written(history: readonly (readonly Action[])[], configuration = {}): Promise<TestLog> {
  const log = new TestLog()
  await log.commit(0, V2, metadata({ configuration }))
  for (const [i, actions] of history.entries()) await log.commit(i + 1, ...actions)
  return log
}

describe('replay', () => {
  it('is the fold of all actions, at every version', async () => {
    await fc.assert(
      fc.asyncProperty(commits, async (history) => {
        const log = await written(history)
        const model = new Model()
        for (const [i, actions] of history.entries()) {
          model.apply(actions)
          await expectModel(await openSnapshot(log.location, { version: i + 1 }), model)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('of a checkpoint and the commits after it is the replay of all commits, of every form of checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(commits, configurations, fc.nat(), async (history, configuration, at) => {
        const log = await written(history, configuration)
        const version = at % (history.length + 1)
        await writeCheckpoint(await openSnapshot(log.location, { version }))
        for (let each = 0; each <= version; each++) await log.delete(commitKey(each))
        const model = new Model()
        for (const actions of history) model.apply(actions)
        await expectModel(await openSnapshot(log.location), model)
        await log.delete(LAST_CHECKPOINT_KEY)
        await expectModel(await openSnapshot(log.location), model)
      }),
      { numRuns: 60 },
    )
  })

  it('goes on from a version that is held: by refresh, by advance, whether its files were read or not; the held one stays as it was', async () => {
    await fc.assert(
      fc.asyncProperty(commits, fc.infiniteStream(fc.boolean()), async (history, flips) => {
        const coin = (): boolean => flips.next().value as boolean
        const log = await written([])
        let held = await openSnapshot(log.location)
        const model = new Model()
        for (const [i, actions] of history.entries()) {
          const before = held
          const filesBefore = coin() ? await filesOf(before) : undefined
          await log.commit(i + 1, ...actions)
          held = coin() ? await held.refresh() : advanceSnapshot(held, i + 1, actions, log.time)
          expect(held).toMatchObject({ version: i + 1, timestamp: log.time })
          model.apply(actions)
          if (coin()) await expectModel(held, model)
          if (filesBefore !== undefined) expect(await filesOf(before)).toEqual(filesBefore)
        }
        await expectModel(held, model)
      }),
      { numRuns: 100 },
    )
  })

  it('lists files in the order in which they were added', async () => {
    const log = await written([
      [addFile('b'), addFile('a')],
      [addFile('c')],
      [removeFile('a')],
      [addFile('b'), addFile('d')],
    ])
    expect((await filesOf(await openSnapshot(log.location))).map(({ path }) => path)).toEqual(['c', 'b', 'd'])
  })

  it('holds n files that came one by one in a few chunks', async () => {
    const log = await written([])
    let held = await openSnapshot(log.location)
    for (let version = 1; version <= 300; version++) {
      held = advanceSnapshot(held, version, [addFile(`f${version}`)], version)
      if (version % 7 === 0) await held.files()
    }
    const { chunks, numFiles } = await held.files()
    expect(numFiles).toBe(300)
    expect(chunks.length).toBeLessThan(12)
  })

  it('knows a file by any spelling of its absolute path', async () => {
    const history = ['/some/p@%23h', 'file:/some/q', 'file:///some/r'].map((path) => [addFile(path)])
    const removed = [removeFile('file:///some/p@%23h'), removeFile('/some/q'), removeFile('file:/some/r')]
    const log = await written([...history, removed])
    expect(await filesOf(await openSnapshot(log.location))).toEqual([])
    await writeCheckpoint(await openSnapshot(log.location, { version: 3 }))
    expect(await filesOf(await openSnapshot(log.location))).toEqual([])
  })
})
