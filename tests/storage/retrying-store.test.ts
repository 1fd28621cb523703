import { describe, expect, it } from 'vitest'
import { DeltaError } from '../../src/errors/delta-error.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import { RetryingStore } from '../../src/storage/retrying-store.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'
import { FaultyStore } from '../support/faulty-store.js'
import { instantRuntime } from '../support/instant-runtime.js'

objectStoreContract('with retries', async () => new RetryingStore(new MemoryStore(), instantRuntime()), {
  instantReads: true,
})

const bytes = new TextEncoder().encode('hello')

async function setUp(): Promise<{ store: RetryingStore; inner: FaultyStore; waits: number[] }> {
  const runtime = instantRuntime()
  const inner = new FaultyStore(new MemoryStore())
  for (const key of ['a', 'b', 'c', 'd']) await inner.put(key, bytes, { mode: 'create' })
  return { store: new RetryingStore(inner, runtime), inner, waits: runtime.waits }
}

describe('a store that does not answer', () => {
  it('is asked again for reads, after waits that grow', async () => {
    const { store, inner, waits } = await setUp()
    inner.fail({ method: 'get', key: 'a' }, { type: 'before' }, { times: 5 })
    expect(await store.get('a')).toEqual(bytes)
    expect(waits).toEqual([100, 200, 400, 800, 1600])
    inner.fail({ method: 'head' }, { type: 'after' }, { times: 2 })
    expect((await store.head('a')).size).toBe(5)
    inner.fail({ method: 'get', key: /[bc]/ }, { type: 'before' }, { times: 4 })
    expect(await store.getMany(['a', 'b', 'c'])).toEqual([bytes, bytes, bytes])
  })

  it('is given up after six attempts', async () => {
    const { store, inner } = await setUp()
    inner.fail({ method: 'get' }, { type: 'before' }, { times: 100 })
    await expect(store.get('a')).rejects.toMatchObject({ code: 'StorageUnavailable' })
    expect(inner.count({ method: 'get' })).toBe(6)
  })

  it('goes on with a listing where it broke off', async () => {
    const { store, inner } = await setUp()
    inner.fail({ method: 'list' }, { type: 'after' }, { times: 3 })
    const keys: string[] = []
    for await (const { key } of store.list('', { startAfter: 'A' })) keys.push(key)
    expect(keys).toEqual(['a', 'b', 'c', 'd'])
    inner.fail({ method: 'list' }, { type: 'before' }, { times: 100 })
    await expect(store.list('').next()).rejects.toMatchObject({ code: 'StorageUnavailable' })
  })

  it('is sent an overwrite and a delete again', async () => {
    const { store, inner } = await setUp()
    inner.fail({ method: 'put' }, { type: 'after' }).fail({ method: 'put' }, { type: 'before' })
    expect(await store.put('a', new Uint8Array(2), { mode: 'overwrite' })).toMatchObject({ key: 'a', size: 2 })
    inner.fail({ method: 'delete' }, { type: 'after' })
    await store.delete(['a'])
    await expect(store.get('a')).rejects.toMatchObject({ code: 'ObjectNotFound' })
  })

  it('is sent a stream again only where that can be opened again', async () => {
    const { store, inner } = await setUp()
    const open = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes
    }
    inner.fail({ method: 'put', key: 's' }, { type: 'after' }, { times: 2 })
    await expect(store.put('s', open(), { mode: 'overwrite' })).rejects.toMatchObject({ code: 'StorageUnavailable' })
    await store.put('s', open, { mode: 'overwrite' })
    expect(await store.get('s')).toEqual(bytes)
  })

  it.each(['before', 'after'] as const)('is never sent a create again (%s storing)', async (type) => {
    const { store, inner, waits } = await setUp()
    inner.fail({ method: 'put', key: 'new' }, { type })
    await expect(store.put('new', bytes, { mode: 'create' })).rejects.toMatchObject({ code: 'StorageUnavailable' })
    expect(inner.count({ method: 'put', key: 'new' })).toBe(1)
    expect(waits).toEqual([])
  })

  it('is not asked again for what it has answered', async () => {
    const { store, inner } = await setUp()
    const error = new DeltaError('PermissionDenied', 'no')
    inner.fail({ method: 'get' }, { type: 'before', error })
    await expect(store.get('a')).rejects.toBe(error)
    await expect(store.get('missing')).rejects.toMatchObject({ code: 'ObjectNotFound' })
    expect(inner.count({ method: 'get' })).toBe(2)
  })

  it('is not waited for after an abort', async () => {
    const { store, inner } = await setUp()
    const controller = new AbortController()
    const action = (): void => {
      controller.abort()
      throw new DeltaError('StorageUnavailable', 'reset')
    }
    inner.fail({ method: 'get' }, { type: 'run', action })
    await expect(store.get('a', { signal: controller.signal })).rejects.toMatchObject({ code: 'Aborted' })
  })
})
