import { beforeEach, describe, expect, it } from 'vitest'
import type { Action, Metadata } from '../../src/protocol/actions/action.js'
import { checkpointKey, commitKey, LAST_CHECKPOINT_KEY } from '../../src/protocol/log-path.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { writeCheckpoint } from '../../src/snapshot/write-checkpoint.js'
import type { ObjectMeta } from '../../src/storage/object-store.js'
import { addFile, metadata, protocol, TestLog } from '../log/test-log.js'
import { filesOf } from './files-of.js'

let log: TestLog
beforeEach(() => {
  log = new TestLog()
})

describe('opening a table', () => {
  it('says what the newest protocol and metadata are, and parses the schema', async () => {
    await log.commits(2)
    const renamed = metadata({ name: 'renamed', configuration: { 'delta.appendOnly': 'true' } })
    await log.commit(3, protocol({ minWriterVersion: 3 }), renamed)
    const snapshot = await openSnapshot(log.location)
    expect(snapshot).toMatchObject({ version: 3, protocol: protocol({ minWriterVersion: 3 }), metadata: renamed })
    expect(snapshot.schema.fields.map(({ name }) => name)).toEqual(['id', 'p'])
    expect((await openSnapshot(log.location, { version: 2 })).metadata).toEqual(metadata())
  })

  it('refuses features by name before it reads any file action', async () => {
    await log.commits(1)
    await log.commit(
      2,
      protocol({
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['fromTheFuture'],
        writerFeatures: ['fromTheFuture'],
      }),
    )
    const failure = openSnapshot(log.location)
    await expect(failure).rejects.toMatchObject({ code: 'UnsupportedFeature' })
    await expect(failure).rejects.toThrow('fromTheFuture')
    await expect((await openSnapshot(log.location, { version: 1 })).refresh()).rejects.toMatchObject({
      code: 'UnsupportedFeature',
    })
  })

  it.each([
    ['protocol', [metadata()]],
    ['metaData', [protocol()]],
  ] as const)('is CorruptLog where no commit has a %s action', async (missing, actions) => {
    await log.commit(0, ...(actions as readonly Action[]))
    await expect(openSnapshot(log.location)).rejects.toMatchObject({ code: 'CorruptLog' })
    await expect(openSnapshot(log.location)).rejects.toThrow(missing)
  })

  it('is CorruptLog with file and line where a commit is cut in half', async () => {
    await log.commits(3)
    const text = await log.text(commitKey(2))
    await log.put(commitKey(2), text.slice(0, text.length >> 1))
    const failure = openSnapshot(log.location)
    await expect(failure).rejects.toMatchObject({ code: 'CorruptLog', details: { path: commitKey(2) } })
    await expect(failure).rejects.toThrow(`${commitKey(2)} is damaged: line 1`)
    expect((await openSnapshot(log.location, { version: 1 })).version).toBe(1)
  })

  it('never changes its answer for staged commits', async () => {
    await log.commits(4)
    const lie = '{"remove":{"path":"f1","dataChange":true}}'
    await log.put('_delta_log/_staged_commits/00000000000000000005.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json', lie)
    const snapshot = await openSnapshot(log.location)
    expect(snapshot.version).toBe(4)
    expect((await filesOf(snapshot)).map(({ path }) => path)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4'])
  })

  it('stops when the signal fires', async () => {
    await log.commits(1)
    await expect(openSnapshot(log.location, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'Aborted',
    })
  })

  it('lets others have the files that one who asked first gave up waiting for', async () => {
    await log.commits(12)
    await writeCheckpoint(await openSnapshot(log.location))
    const snapshot = await openSnapshot(log.location)
    const controller = new AbortController()
    const first = snapshot.files(controller.signal)
    const second = snapshot.files()
    controller.abort()
    await first.catch(() => undefined)
    expect((await second).numFiles).toBe(13)
    expect((await snapshot.files()).numFiles).toBe(13)
  })
})

describe('time travel by timestamp', () => {
  const at = (timestamp: string | Date): Promise<number> =>
    openSnapshot(log.location, { timestamp }).then(({ version }) => version)

  it('finds the last version at or before an instant', async () => {
    await log.commits(3)
    // Commits stand at seconds 1 to 4 of 2026.
    expect(await at('2026-01-01T00:00:02Z')).toBe(1)
    expect(await at('2026-01-01T00:00:02.999Z')).toBe(1)
    expect(await at('2026-01-01T02:00:03+02:00')).toBe(2)
    expect(await at(new Date(Date.UTC(2026, 0, 1, 0, 0, 1)))).toBe(0)
    expect(await at('2027-01-01T00:00:00Z')).toBe(3)
  })

  it('takes a date as its midnight in UTC', async () => {
    log.time = Date.UTC(2026, 4, 4, 23, 59, 58)
    await log.commits(3)
    expect(await at('2026-05-05')).toBe(1)
  })

  it('is VersionNotFound before the first commit, naming the earliest', async () => {
    await log.commits(3)
    const failure = at('2025-12-31T23:59:59Z')
    await expect(failure).rejects.toMatchObject({ code: 'VersionNotFound' })
    await expect(failure).rejects.toThrow('version 0 of 2026-01-01T00:00:01.000Z')
  })

  it.each(['2026-01-01T00:00:02', '2026-01-01 00:00', 'yesterday', '', '2026-13-01T00:00:00Z'])(
    'refuses "%s"',
    async (text) => {
      await log.commits(1)
      await expect(at(text)).rejects.toMatchObject({ code: 'InvalidArgument' })
    },
  )

  it('refuses a date that is none, and a version beside it', async () => {
    await log.commits(1)
    await expect(at(new Date(Number.NaN))).rejects.toMatchObject({ code: 'InvalidArgument' })
    const both = { version: 0, timestamp: '2026-01-01' } as { version: number }
    await expect(openSnapshot(log.location, both)).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('takes times of files that are out of order as later than those before', async () => {
    await log.commit(0, protocol(), metadata())
    const first = log.time
    log.time -= 60_000
    await log.commit(1, addFile('a'))
    log.time = first + 10_000
    await log.commit(2, addFile('b'))
    expect(await at(new Date(first))).toBe(0)
    expect(await at(new Date(first + 1))).toBe(1)
    expect((await openSnapshot(log.location, { version: 1 })).timestamp).toBe(first + 1)
  })

  it('counts from the oldest version that can still be opened', async () => {
    await log.commits(12)
    await writeCheckpoint(await openSnapshot(log.location, { version: 10 }))
    await log.delete(...[0, 1, 2].map(commitKey))
    expect(await at('2026-01-01T00:00:11Z')).toBe(10)
    await expect(at('2026-01-01T00:00:08Z')).rejects.toMatchObject({ code: 'VersionNotFound' })
  })

  describe('on a table whose commits bear their time', () => {
    const features = protocol({ minWriterVersion: 7, writerFeatures: ['inCommitTimestamp'] })
    const bears = (more: Metadata['configuration'] = {}): Metadata =>
      metadata({ configuration: { 'delta.enableInCommitTimestamps': 'true', ...more } })
    const stamp = (inCommitTimestamp: number): Action => ({ type: 'commitInfo', operation: 'WRITE', inCommitTimestamp })

    it('goes by that, not by the times of files', async () => {
      await log.commit(0, stamp(1000), features, bears())
      await log.commit(1, stamp(5000), addFile('a'))
      await log.commit(2, stamp(9000), addFile('b'))
      expect(await at(new Date(4999))).toBe(0)
      expect(await at(new Date(5000))).toBe(1)
      expect(await at('2026-06-01')).toBe(2)
      await expect(at(new Date(999))).rejects.toMatchObject({ code: 'VersionNotFound' })
      expect((await openSnapshot(log.location, { version: 1 })).timestamp).toBe(5000)
    })

    it('goes by the times of files before the version that began with it', async () => {
      await log.commit(0, protocol(), metadata())
      await log.commit(1, addFile('a'))
      const began = log.time + 10_000
      const enabled = bears({
        'delta.inCommitTimestampEnablementVersion': '2',
        'delta.inCommitTimestampEnablementTimestamp': String(began),
      })
      await log.commit(2, stamp(began), features, enabled)
      log.time = Date.UTC(2030, 0, 1)
      await log.commit(3, stamp(began + 5), addFile('b'))
      expect(await at(new Date(began - 1))).toBe(1)
      expect(await at(new Date(began))).toBe(2)
      expect(await at(new Date(began + 5))).toBe(3)
      expect(await at('2026-01-01T00:00:01Z')).toBe(0)
    })

    it('knows it for a version whose commit stands before the checkpoint', async () => {
      await log.commit(0, stamp(1000), features, bears())
      await log.commit(1, stamp(5000), addFile('a'))
      await writeCheckpoint(await openSnapshot(log.location))
      expect((await openSnapshot(log.location)).timestamp).toBe(5000)
    })
  })
})

describe('what is asked of the storage', () => {
  async function withCheckpoint(): Promise<void> {
    await log.commits(10)
    await writeCheckpoint(await openSnapshot(log.location))
    for (let version = 11; version <= 13; version++) await log.commit(version, addFile(`f${version}`))
    log.requests.length = 0
  }

  it('to open a table with a checkpoint and list its files: _last_checkpoint, one listing, the checkpoint, each newer commit', async () => {
    await withCheckpoint()
    const snapshot = await openSnapshot(log.location)
    expect((await snapshot.files()).numFiles).toBe(14)
    expect(await snapshot.transactionVersion('app')).toBeUndefined()
    expect(log.requests.toSorted()).toEqual([
      ...[checkpointKey(10), ...[11, 12, 13].map(commitKey), LAST_CHECKPOINT_KEY].map((key) => `get ${key}`).toSorted(),
      'list _delta_log/',
    ])
  })

  it('to refresh: one listing, and each newer commit', async () => {
    await withCheckpoint()
    const held = await openSnapshot(log.location)
    await held.files()
    log.requests.length = 0
    expect(await held.refresh()).toBe(held)
    expect(log.requests).toEqual(['list _delta_log/'])
    await log.commit(14, addFile('f14'))
    await log.commit(15, addFile('f15'))
    log.requests.length = 0
    const newer = await held.refresh()
    expect((await newer.files()).numFiles).toBe(16)
    expect(newer.version).toBe(15)
    expect(log.requests).toEqual(['list _delta_log/', `get ${commitKey(14)}`, `get ${commitKey(15)}`])
  })

  it('to refresh where the commits in between were cleaned up: the table is opened anew', async () => {
    await log.commits(2)
    const held = await openSnapshot(log.location)
    for (let version = 3; version <= 8; version++) await log.commit(version, addFile(`f${version}`))
    await writeCheckpoint(await openSnapshot(log.location, { version: 6 }))
    await log.delete(...[0, 1, 2, 3, 4].map(commitKey))
    const newer = await held.refresh()
    expect(newer.version).toBe(8)
    expect((await newer.files()).numFiles).toBe(9)
  })

  it('to open a table whose commits are cleaned up just after they were listed: the newer checkpoint', async () => {
    await withCheckpoint()
    const list = log.store.list.bind(log.store)
    log.store.list = async function* (...args) {
      const listed: ObjectMeta[] = []
      for await (const meta of list(...args)) listed.push(meta)
      log.store.list = list
      await writeCheckpoint(await openSnapshot(log.location))
      await log.delete(...[11, 12].map(commitKey))
      yield* listed
    }
    expect((await (await openSnapshot(log.location)).files()).numFiles).toBe(14)
  })
})

describe('two versions of a table', () => {
  it('share the files that they have in common', async () => {
    await log.commits(50)
    const older = await openSnapshot(log.location)
    await older.files()
    await log.commit(51, addFile('f51'))
    const newer = await older.refresh()
    const [before, after] = [(await older.files()).chunks[0], (await newer.files()).chunks[0]]
    expect(after).toBe(before)
  })
})
