import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DeltaTable } from '../../src/index.js'
import { DiskSync } from '../../src/storage/local/disk-sync.js'
import { LocalStore } from '../../src/storage/local/local-store.js'
import { mayHaveStored } from '../../src/storage/may-have-stored.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a file that was to come to the disk later and did not is told to every create after it', async () => {
  const sync = new DiskSync(true)
  const descriptor = openSync(join(folder, 'file'), 'w')
  await sync.later(descriptor, join(folder, 'a folder that is gone'))
  await expect(sync.settle()).rejects.toMatchObject({ code: 'Internal', message: expect.stringContaining('ENOENT') })
  await expect(sync.settle()).rejects.toMatchObject({ code: 'Internal' })
  expect(() => closeSync(descriptor)).toThrow('EBADF')
})

test('a name that the disk may lose again is not taken for one that was not given', async () => {
  const failure = new DiskSync(true).folder(join(folder, 'a folder that is gone'))
  const error = await failure.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'StorageUnavailable', message: expect.stringContaining('ENOENT') })
  expect(mayHaveStored(error)).toBe(true)
})

test('many files on their way to the disk do not stay open', async () => {
  const sync = new DiskSync(true)
  const opened = Array.from({ length: 200 }, (_, i) => openSync(join(folder, `many-${i}`), 'w'))
  await Promise.all(opened.map((descriptor) => sync.later(descriptor, folder)))
  await sync.settle()
  for (const descriptor of opened) expect(() => closeSync(descriptor)).toThrow('EBADF')
})

test.each([true, false])('objects are whole and creates have one winner, fsync: %s', async (fsync) => {
  const store = new LocalStore(join(folder, `store-${fsync}`), { fsync })
  const bytes = new Uint8Array(10_000).fill(7)
  await store.put('a/b/data', bytes, { mode: 'overwrite', untilCreate: true })
  expect(await store.get('a/b/data')).toEqual(bytes)
  const creates = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => store.put('log/0', Uint8Array.of(i), { mode: 'create' })),
  )
  expect(creates.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(new Uint8Array(await readFile(join(folder, `store-${fsync}`, 'a/b/data')))).toEqual(bytes)
})

test('a table can do without waiting for the disk', async () => {
  const url = join(folder, 'table')
  const table = await DeltaTable.create(url, { schema: 'id BIGINT', storage: { local: { fsync: false } } })
  for (let id = 0n; id < 12n; id++) await table.append([{ id }])
  expect(await (await DeltaTable.open(url)).rows({ where: 'id >= 10' })).toEqual([{ id: 10n }, { id: 11n }])
})
