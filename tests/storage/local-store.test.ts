import {
  chmod,
  type FileHandle,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/runtime/clock.js'
import { silentObserver } from '../../src/runtime/observer.js'
import { LocalStore } from '../../src/storage/local/local-store.js'
import { putLocalFile } from '../../src/storage/local/put-local-file.js'
import { temporaryName } from '../../src/storage/local/temporary-file.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import { ObservedStore } from '../../src/storage/observed-store.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'
import { withoutAccess } from '../support/without-access.js'

let folder: string
let opened = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-'))
  await chmod(folder, 0o777)
})
afterAll(() => rm(folder, { recursive: true }))

objectStoreContract('local disk', async () => new LocalStore(join(folder, `table ${opened++}`)))

const bytes = new TextEncoder().encode('hello')

async function open(): Promise<{ store: LocalStore; root: string }> {
  const root = join(folder, `local ${opened++}`)
  await mkdir(root)
  return { store: new LocalStore(root), root }
}

async function keysOf(store: LocalStore, prefix = '', startAfter?: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix, startAfter === undefined ? {} : { startAfter })) keys.push(key)
  return keys
}

describe('a local store', () => {
  it('leaves no temporary file behind, whether a put wins, loses or fails', async () => {
    const { store, root } = await open()
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes
      throw new Error('the source broke')
    }
    await store.put('k', bytes, { mode: 'create' })
    await store.put('k', bytes, { mode: 'create' }).catch(() => undefined)
    await store.put('k', bytes, { mode: 'overwrite' })
    await store.put('k', failing(), { mode: 'overwrite' }).catch(() => undefined)
    expect(await readdir(root)).toEqual(['k'])
  })

  it('does not list what a killed writer left behind', async () => {
    const { store, root } = await open()
    await mkdir(join(root, '_delta_log'))
    await writeFile(join(root, '_delta_log', temporaryName()), 'half a comm')
    await store.put('_delta_log/00000000000000000000.json', bytes, { mode: 'create' })
    expect(await keysOf(store)).toEqual(['_delta_log/00000000000000000000.json'])
  })

  it('does not follow linked folders, and reads linked files', async () => {
    const { store, root } = await open()
    const elsewhere = await open()
    await elsewhere.store.put('file', bytes, { mode: 'create' })
    await symlink(elsewhere.root, join(root, 'folder'))
    await symlink(join(elsewhere.root, 'file'), join(root, 'link'))
    await symlink('nowhere', join(root, 'dangling'))
    expect(await keysOf(store)).toEqual(['link'])
    expect(await store.get('link')).toEqual(bytes)
  })

  it('lets other work go on while it reads many files', async () => {
    const { store } = await open()
    await store.put('k', new Uint8Array(1000), { mode: 'create' })
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await store.getMany(Array.from({ length: 5000 }, () => 'k'))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })

  it('refuses what the user may not read or write', async () => {
    const { store, root } = await open()
    await store.put('secret/file', bytes, { mode: 'create' })
    await withoutAccess([join(root, 'secret')], async () => {
      const refusal = { code: 'PermissionDenied', details: { path: 'secret/file' } }
      await expect(store.get('secret/file')).rejects.toMatchObject(refusal)
      await expect(store.getMany(['secret/file'])).rejects.toMatchObject(refusal)
      await expect(store.put('secret/file', bytes, { mode: 'create' })).rejects.toMatchObject(refusal)
      await expect(store.put('secret/file', bytes, { mode: 'overwrite' })).rejects.toMatchObject(refusal)
      await expect(store.delete(['secret/file'])).rejects.toMatchObject(refusal)
      await expect(keysOf(store)).rejects.toMatchObject({ code: 'PermissionDenied' })
    })
    expect(await store.get('secret/file')).toEqual(bytes)
  })

  it('does not open folders that cannot hold what is asked for', async () => {
    const { store, root } = await open()
    await store.put('_delta_log/00000000000000000001.json', bytes, { mode: 'create' })
    await store.put('a=1/x', bytes, { mode: 'create' })
    await store.put('b=1/x', bytes, { mode: 'create' })
    await mkdir(join(root, '_delta_log/_sidecars'))
    await withoutAccess([join(root, 'a=1'), join(root, '_delta_log/_sidecars')], async () => {
      expect(await keysOf(store, 'b=')).toEqual(['b=1/x'])
      expect(await keysOf(store, '', 'a=1/y0').catch(() => 'opened a=1')).toBe('opened a=1')
      expect(await keysOf(store, '', 'a=2')).toEqual(['b=1/x'])
      const log = store.list('_delta_log/')
      expect((await log.next()).value).toMatchObject({ key: '_delta_log/00000000000000000001.json' })
      await log.return()
      await expect(keysOf(store, '_delta_log/')).rejects.toMatchObject({ code: 'PermissionDenied' })
    })
  })

  it('refuses a name that the file system cannot have', async () => {
    const { store } = await open()
    await expect(store.put('x'.repeat(300), bytes, { mode: 'create' })).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
  })

  it('says which place is meant where a file stands in the way of the folder', async () => {
    const { root } = await open()
    await writeFile(join(root, 'file'), 'x')
    const store = new LocalStore(join(root, 'file'))
    expect(await keysOf(store)).toEqual([])
    for (const mode of ['create', 'overwrite'] as const) {
      const refusal = { code: 'InvalidArgument', message: expect.stringContaining(store.url) }
      await expect(store.put('a', bytes, { mode })).rejects.toMatchObject(refusal)
    }
  })

  it('does not take a dangling link for an object that exists', async () => {
    const { store, root } = await open()
    await symlink('nowhere', join(root, '_delta_log'))
    const refusal = { code: 'StorageUnavailable', details: { maybeStored: false } }
    await expect(store.put('_delta_log/0.json', bytes, { mode: 'create' })).rejects.toMatchObject(refusal)
  })
})

describe('a finished local file', () => {
  it('becomes an object of a local store and of any other', async () => {
    const { store, root } = await open()
    const file = join(root, 'finished')
    await writeFile(file, bytes)
    for (const target of [store, new MemoryStore()]) {
      expect(await putLocalFile(target, 'day=1/part-0.parquet', file)).toMatchObject({ size: 5 })
      expect(await target.get('day=1/part-0.parquet')).toEqual(bytes)
    }
    await expect(putLocalFile(store, 'day=1/part-0.parquet', file)).rejects.toMatchObject({
      code: 'ObjectAlreadyExists',
    })
    await expect(putLocalFile(store, 'x', join(root, 'missing'))).rejects.toMatchObject({ code: 'ObjectNotFound' })
  })

  it.each([true, false])('is waited for as its store says: %s', async (fsync) => {
    const { root } = await open()
    const file = join(root, 'finished')
    await writeFile(file, bytes)
    const handle = await openFile(file)
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync')
    await handle.close()
    const inner = new LocalStore(root, { fsync })
    const observed = new ObservedStore(inner, { clock: systemClock, observer: silentObserver })
    for (const [i, store] of [inner, observed].entries()) {
      await putLocalFile(store, `day=${i}/part-0.parquet`, file)
      expect(await store.get(`day=${i}/part-0.parquet`)).toEqual(bytes)
    }
    expect(sync).toHaveBeenCalledTimes(fsync ? 2 : 0)
    sync.mockRestore()
  })
})
