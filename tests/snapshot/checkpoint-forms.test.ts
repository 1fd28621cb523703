import { beforeEach, describe, expect, it } from 'vitest'
import type { Action } from '../../src/protocol/actions/action.js'
import { serializeCommit } from '../../src/protocol/actions/serialize-commit.js'
import { checkpointKey, commitKey } from '../../src/protocol/log-path.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { addFile, metadata, protocol, removeFile, TestLog } from '../log/test-log.js'
import { checkpointFile } from './checkpoint-file.js'
import { filesOf } from './files-of.js'

const UUID = '80a083e8-7026-4e79-81be-64bd76c43a11'
const STATE: readonly Action[] = [
  protocol({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['v2Checkpoint'],
    writerFeatures: ['v2Checkpoint'],
  }),
  metadata(),
  { type: 'txn', appId: 'app', version: 7 },
  { type: 'domainMetadata', domain: 'd', configuration: '{}', removed: false },
]
const FILES: readonly Action[] = [
  addFile('a'),
  removeFile('gone'),
  addFile('b', { partitionValues: { p: null } }),
  addFile('c'),
]
const META: Action = { type: 'checkpointMetadata', version: 4 }

const name = (rest: string): string => `_delta_log/00000000000000000004.${rest}`
const sidecar = (path: string, bytes: Uint8Array): Action => ({
  type: 'sidecar',
  path,
  sizeInBytes: bytes.length,
  modificationTime: 1,
})

let log: TestLog
beforeEach(async () => {
  log = new TestLog()
  await log.commit(5, addFile('d'), removeFile('b'))
})

async function expectTable(): Promise<void> {
  const snapshot = await openSnapshot(log.location)
  expect(snapshot).toMatchObject({ version: 5, metadata: metadata() })
  expect(await filesOf(snapshot)).toEqual(
    [addFile('a'), addFile('c'), addFile('d')].map((file) => ({ ...file, dataChange: false })),
  )
  expect(await snapshot.transactionVersion('app')).toBe(7)
  expect([...(await snapshot.domainMetadata()).keys()]).toEqual(['d'])
}

/** Two sidecars, one of them empty of files, in the folder of sidecars. */
async function putSidecars(): Promise<{ readonly first: Action; readonly second: Action }> {
  const [one, two] = [
    await checkpointFile(FILES.slice(0, 2), { columns: ['add', 'remove'] }),
    await checkpointFile(FILES.slice(2), { columns: ['add', 'remove'] }),
  ]
  await log.put(`_delta_log/_sidecars/one.parquet`, one)
  await log.put(`_delta_log/_sidecars/two %.parquet`, two)
  return { first: sidecar('one.parquet', one), second: sidecar('two%20%25.parquet', two) }
}

describe('a table is read from', () => {
  it('a classic checkpoint', async () => {
    await log.put(checkpointKey(4), await checkpointFile([...STATE, ...FILES]))
    await expectTable()
  })

  it('a classic checkpoint whose rows stand in any order, in many row groups', async () => {
    const rows = [FILES[3], STATE[2], FILES[0], FILES[1], STATE[1], STATE[0], FILES[2], STATE[3]] as Action[]
    await log.put(
      checkpointKey(4),
      await checkpointFile(
        rows.map((row) => row),
        { rowGroupRows: 2 },
      ),
    )
    const snapshot = await openSnapshot(log.location)
    expect((await filesOf(snapshot)).map((file) => file.path)).toEqual(['c', 'a', 'd'])
    expect(await snapshot.transactionVersion('app')).toBe(7)
  })

  it('a classic checkpoint without the columns that old writers did not know', async () => {
    const columns = ['protocol', 'metaData', 'txn', 'add', 'domainMetadata'] as const
    const rows = [...STATE, ...FILES].filter(({ type }) => type !== 'remove')
    await log.put(checkpointKey(4), await checkpointFile(rows, { columns }))
    await expectTable()
  })

  it('a checkpoint in several parts', async () => {
    const part = (n: number): string => name(`checkpoint.000000000${n}.0000000003.parquet`)
    await log.put(part(1), await checkpointFile([...STATE.slice(0, 1), ...FILES.slice(0, 1)]))
    await log.put(part(2), await checkpointFile([...FILES.slice(1), ...STATE.slice(1, 2)]))
    await log.put(part(3), await checkpointFile(STATE.slice(2)))
    await expectTable()
  })

  it.each(['parquet', 'json'])('a V2 checkpoint of %s with all files in it', async (format) => {
    const actions = [META, ...STATE, ...FILES]
    const bytes = format === 'json' ? serializeCommit(actions) : await checkpointFile(actions)
    await log.put(name(`checkpoint.${UUID}.${format}`), bytes)
    await expectTable()
  })

  it.each(['parquet', 'json'])('a V2 checkpoint of %s with its files in sidecars', async (format) => {
    const { first, second } = await putSidecars()
    const actions = [META, ...STATE, first, second]
    const bytes = format === 'json' ? serializeCommit(actions) : await checkpointFile(actions)
    await log.put(name(`checkpoint.${UUID}.${format}`), bytes)
    await expectTable()
  })

  it('a checkpoint with a classic name and sidecars', async () => {
    const { first, second } = await putSidecars()
    await log.put(checkpointKey(4), await checkpointFile([META, ...STATE, first, second]))
    await expectTable()
  })

  it('sidecars whose path is that of the place where the table was before', async () => {
    const { first, second } = await putSidecars()
    const moved = { ...first, path: 's3://old/place/_delta_log/_sidecars/one.parquet' } as Action
    await log.put(name(`checkpoint.${UUID}.json`), serializeCommit([META, ...STATE, moved, second]))
    await expectTable()
  })
})

describe('a checkpoint that cannot be read', () => {
  const commits = async (): Promise<void> => {
    await log.commit(0, ...STATE)
    await log.commit(1, ...FILES)
    for (const version of [2, 3, 4]) await log.commit(version)
    await log.commit(5, addFile('d'), removeFile('b'))
  }
  const good = (): Promise<Uint8Array> => checkpointFile([...STATE, ...FILES])

  it.each([
    ['is cut in half', async () => (await good()).slice(0, 2000)],
    ['is empty', async () => new Uint8Array()],
    ['is no Parquet', async () => new TextEncoder().encode('no Parquet file at all')],
    ['lost its footer', async () => (await good()).fill(0, -200)],
    ['lost its pages', async () => (await good()).fill(0xff, 4, 1500)],
  ])('is passed over for the commits it was made of, where it %s', async (_, damaged) => {
    await commits()
    await log.put(checkpointKey(4), await damaged())
    await expectTable()
  })

  it('is passed over for an older checkpoint', async () => {
    await commits()
    await log.put(checkpointKey(2), await good())
    await log.put(checkpointKey(4), 'damaged')
    await log.delete(commitKey(0), commitKey(1))
    await expectTable()
  })

  it('is passed over where a sidecar is gone', async () => {
    await commits()
    const { first, second } = await putSidecars()
    await log.put(checkpointKey(4), await checkpointFile([META, ...STATE, first, second]))
    await log.delete('_delta_log/_sidecars/one.parquet')
    await expectTable()
  })

  it('is CorruptLog, naming the file, where the commits it was made of are gone', async () => {
    await commits()
    await log.put(checkpointKey(4), 'damaged')
    await log.delete(commitKey(1))
    const failure = openSnapshot(log.location)
    await expect(failure).rejects.toMatchObject({ code: 'CorruptLog', details: { version: 4 } })
    await expect(failure).rejects.toThrow(checkpointKey(4))
  })

  it('is CorruptLog when its files are asked for, where only they are damaged', async () => {
    const files = Array.from({ length: 2000 }, (_, i) => addFile(`file-${i}-${(i * 7919) % 1009}`))
    const bytes = await checkpointFile([...STATE, ...files], { rowGroupRows: 4 })
    await log.put(checkpointKey(4), bytes.fill(0xff, bytes.length >> 2, bytes.length >> 1))
    await expect(openSnapshot(log.location).then((snapshot) => snapshot.files())).rejects.toMatchObject({
      code: 'CorruptLog',
    })
  })

  it.each(['protocol', 'metaData'] as const)(
    'is CorruptLog where it has no %s, even if the commits have',
    async (type) => {
      await commits()
      await log.put(
        checkpointKey(4),
        await checkpointFile([...STATE, ...FILES].filter((action) => action.type !== type)),
      )
      const failure = openSnapshot(log.location)
      await expect(failure).rejects.toMatchObject({ code: 'CorruptLog' })
      await expect(failure).rejects.toThrow(type)
    },
  )
})
