import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRuntime } from '../../src/runtime/runtime.js'
import { mayHaveStored } from '../../src/storage/may-have-stored.js'
import type { ObjectStore } from '../../src/storage/object-store.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { S3Store } from '../../src/storage/s3/s3-store.js'
import { instantRuntime } from '../support/instant-runtime.js'
import { slowDown } from '../support/s3-server/fault-plan.js'
import { type S3Server, startS3Server } from '../support/s3-server/start-s3-server.js'

let server: S3Server
let runtime: ReturnType<typeof instantRuntime>
beforeEach(async () => {
  server = await startS3Server()
  runtime = instantRuntime()
})
afterEach(() => server.close())

const small = new TextEncoder().encode('hello')
const large = new Uint8Array(9_000_000).fill(7)

async function table(): Promise<ObjectStore> {
  return (await openTableLocation(server.tableUrl('table'), { storage: server.options, runtime })).store
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  )
}

describe('a create on S3', () => {
  it.each([
    ['one request', small, 'PutObject'],
    ['parts', large, 'CompleteMultipartUpload'],
  ] as const)('in %s whose reply is lost may have been stored, and is not sent twice', async (_, body, operation) => {
    const store = await table()
    server.faults.add({ operation }, { type: 'drop-reply' })
    const error = await failureOf(store.put('k', body, { mode: 'create' }))
    expect(error).toMatchObject({ code: 'StorageUnavailable' })
    expect(mayHaveStored(error)).toBe(true)
    expect(server.requests.count({ operation })).toBe(1)
    expect(Buffer.compare(await store.get('k'), body)).toBe(0)
  })

  it.each([
    ['reset', { type: 'reset' }],
    ['500', { type: 'status-after', status: 500, code: 'InternalError' }],
    ['503', slowDown],
  ] as const)('that meets %s says that it may have been stored', async (_, fault) => {
    const store = await table()
    server.faults.add({ operation: 'PutObject' }, fault)
    const error = await failureOf(store.put('k', small, { mode: 'create' }))
    expect(error).toMatchObject({ code: 'StorageUnavailable' })
    expect(mayHaveStored(error)).toBe(true)
    expect(server.requests.count({ operation: 'PutObject' })).toBe(1)
  })

  it('that reached nobody was not stored', async () => {
    await server.close()
    const error = await failureOf((await table()).put('k', small, { mode: 'create' }))
    expect(error).toMatchObject({ code: 'StorageUnavailable', details: { path: 'k', maybeStored: false } })
    expect(mayHaveStored(error)).toBe(false)
  })

  it.each([
    ['one request', small, 'PutObject'],
    ['parts', large, 'CompleteMultipartUpload'],
  ] as const)('in %s that met another one under way (409) tries again', async (_, body, operation) => {
    const store = await table()
    const conflict = { type: 'status', status: 409, code: 'ConditionalRequestConflict' } as const
    server.faults.add({ operation }, conflict, { times: 2 })
    await store.put('k', body, { mode: 'create' })
    server.faults.add({ operation }, conflict)
    const second = store.put('k', body, { mode: 'create' })
    await expect(second).rejects.toMatchObject({ code: 'ObjectAlreadyExists' })
    expect(server.buckets.get('lake')?.uploads.size).toBe(0)
  })
})

describe('an upload in parts', () => {
  it('repeats a part that got lost', async () => {
    const store = await table()
    server.faults.add({ operation: 'UploadPart' }, { type: 'reset' })
    server.faults.add({ operation: 'UploadPart' }, slowDown)
    server.faults.add({ operation: 'CreateMultipartUpload' }, { type: 'status', status: 500, code: 'InternalError' })
    await store.put('k', large, { mode: 'create' })
    expect(Buffer.compare(await store.get('k'), large)).toBe(0)
    expect(server.requests.count({ operation: 'UploadPart' })).toBe(4)
  })

  it.each(['fails', 'is aborted'])('that %s leaves neither object nor parts', async (how) => {
    const store = await table()
    const controller = new AbortController()
    const body = async function* (): AsyncGenerator<Uint8Array> {
      yield large
      yield large
      if (how === 'fails') throw new Error('the source broke')
      controller.abort()
      yield large
    }
    await failureOf(store.put('k', body(), { mode: 'overwrite', signal: controller.signal }))
    expect(server.requests.count({ operation: 'AbortMultipartUpload' })).toBe(1)
    expect(server.buckets.get('lake')?.uploads.size).toBe(0)
    expect(server.buckets.get('lake')?.keys()).toEqual([])
  })

  it('that nobody will complete leaves no parts', async () => {
    const store = await table()
    server.faults.add({ operation: 'UploadPart' }, { type: 'status', status: 403, code: 'AccessDenied' })
    const error = await failureOf(store.put('k', large, { mode: 'create' }))
    expect(error).toMatchObject({ code: 'PermissionDenied' })
    expect(server.buckets.get('lake')?.uploads.size).toBe(0)
  })
})

describe('a table on S3 that throttles and loses replies', () => {
  it('is read, listed, overwritten and cleaned all the same', async () => {
    const store = await table()
    for (const key of ['a', 'b', 'c']) await store.put(key, small, { mode: 'create' })
    for (const operation of ['GetObject', 'HeadObject', 'ListObjectsV2', 'PutObject', 'DeleteObjects'] as const) {
      server.faults.add({ operation }, slowDown)
      server.faults.add({ operation }, { type: 'drop-reply' })
      server.faults.add({ operation }, { type: 'truncate' })
      server.faults.add({ operation }, { type: 'status-after', status: 500, code: 'InternalError' })
    }
    expect(await store.getMany(['a', 'b'])).toEqual([small, small])
    expect(await store.head('a')).toMatchObject({ size: 5 })
    await store.put('a', new Uint8Array(2), { mode: 'overwrite' })
    const keys: string[] = []
    for await (const { key } of store.list('')) keys.push(key)
    expect(keys).toEqual(['a', 'b', 'c'])
    await store.delete(['a', 'b'])
    expect(server.buckets.get('lake')?.keys()).toEqual(['table/c'])
    expect(runtime.waits.length).toBeGreaterThan(12)
  })

  it('is given up with the reason when it stays away', async () => {
    const store = await table()
    server.faults.add({}, slowDown, { times: 100 })
    const error = await failureOf(store.get('k'))
    expect(error).toMatchObject({ code: 'StorageUnavailable', message: expect.stringContaining('SlowDown') })
    expect(server.requests.count()).toBe(6)
  })
})

describe('an abort of a request to S3', () => {
  it.each(['GetObject', 'PutObject', 'ListObjectsV2', 'HeadObject', 'DeleteObjects', 'UploadPart'] as const)(
    'ends a %s that is never answered',
    async (operation) => {
      const store = await table()
      server.faults.add({ operation }, { type: 'hang' })
      const controller = new AbortController()
      const { signal } = controller
      const calls = {
        GetObject: () => store.get('k', { signal }),
        HeadObject: () => store.head('k', { signal }),
        PutObject: () => store.put('k', small, { mode: 'create', signal }),
        UploadPart: () => store.put('k', large, { mode: 'create', signal }),
        ListObjectsV2: () => store.list('', { signal })[Symbol.asyncIterator]().next(),
        DeleteObjects: () => store.delete(['k'], { signal }),
      }
      const call = calls[operation]()
      while (server.requests.count({ operation }) === 0) await systemRuntime.clock.sleep(1)
      controller.abort()
      await expect(call).rejects.toMatchObject({ code: 'Aborted' })
    },
  )
})

it('an abort ends a read of an object of which only half has come', async () => {
  const store = await table()
  await store.put('k', large, { mode: 'create' })
  server.faults.add({ operation: 'GetObject' }, { type: 'stall' })
  const controller = new AbortController()
  const read = store.get('k', { signal: controller.signal })
  while (server.requests.count({ operation: 'GetObject' }) === 0) await systemRuntime.clock.sleep(1)
  await systemRuntime.clock.sleep(50)
  controller.abort()
  await expect(read).rejects.toMatchObject({ code: 'Aborted' })
})

it('a signal is not loaded with a listener for each of many requests', async () => {
  const store = await table()
  await store.put('k', small, { mode: 'create' })
  const { signal } = new AbortController()
  const reads = Array.from({ length: 40 }, () => store.get('k', { signal }))
  while (server.requests.count({ operation: 'GetObject' }) < 20) await systemRuntime.clock.sleep(1)
  expect(getEventListeners(signal, 'abort').length).toBeLessThan(3)
  expect(await Promise.all(reads)).toHaveLength(40)
})

describe('S3 that cannot be used', () => {
  it('names a bucket that does not exist', async () => {
    const { store } = await openTableLocation('s3://nowhere/table', { storage: server.options, runtime })
    const refusal = { code: 'BucketNotFound', kind: 'unavailable', message: expect.stringContaining('"nowhere"') }
    expect(await failureOf(store.get('k'))).toMatchObject(refusal)
    expect(await failureOf(store.put('k', small, { mode: 'create' }))).toMatchObject(refusal)
    expect(await failureOf(store.put('k', large, { mode: 'create' }))).toMatchObject(refusal)
    expect(await failureOf(store.list('')[Symbol.asyncIterator]().next())).toMatchObject(refusal)
    expect(await failureOf(store.delete(['k']))).toMatchObject(refusal)
  })

  it('says what to set where the credentials are wrong', async () => {
    const credentials = { accessKeyId: 'someone', secretAccessKey: 'topsecret' }
    const storage = { s3: { ...server.options.s3, credentials } }
    const { store } = await openTableLocation(server.tableUrl('table'), { storage, runtime })
    const error = await failureOf(store.get('k'))
    expect(error).toMatchObject({ code: 'PermissionDenied', message: expect.stringContaining('AWS_ACCESS_KEY_ID') })
    expect(JSON.stringify(error)).not.toContain('topsecret')
    expect(await failureOf(store.head('k'))).toMatchObject({ code: 'PermissionDenied' })
  })

  it('says what to set where there are no credentials', async () => {
    const before = { ...process.env }
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' })
    try {
      const storage = { s3: { endpoint: server.url, region: 'us-east-1' } }
      const { store } = await openTableLocation(server.tableUrl('table'), { storage, runtime })
      const error = await failureOf(store.get('k'))
      expect(error).toMatchObject({ code: 'PermissionDenied', message: expect.stringContaining('AWS_ACCESS_KEY_ID') })
    } finally {
      process.env = before
    }
  })

  it('is found by the environment where no options are given', async () => {
    const before = { ...process.env }
    Object.assign(process.env, { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'x' })
    delete process.env.AWS_REGION
    try {
      const store = new S3Store({ bucket: 'lake', s3: {} })
      await store.put('k', small, { mode: 'create' })
      expect(server.buckets.get('lake')?.keys()).toEqual(['k'])
    } finally {
      process.env = before
    }
  })
})

describe('requests to S3', () => {
  it('are one for one object, and one page of a listing at a time', async () => {
    const store = await table()
    for (let at = 0; at < 1100; at++) server.buckets.get('lake')?.put(`table/_delta_log/${at + 1000}`, Buffer.from('x'))
    await store.get('_delta_log/1000')
    await store.put('k', small, { mode: 'create' })
    await store.put('k', small, { mode: 'overwrite' })
    const listing = store.list('_delta_log/', { startAfter: '_delta_log/1005' })[Symbol.asyncIterator]()
    expect((await listing.next()).value).toMatchObject({ key: '_delta_log/1006' })
    await listing.return?.()
    expect(server.requests.counts()).toEqual({ GetObject: 1, PutObject: 2, ListObjectsV2: 1 })
  })

  it('for many objects are under way together', async () => {
    server.latencyMs = 20
    const store = await table()
    const keys = Array.from({ length: 32 }, (_, at) => `k${at}`)
    for (const key of keys) server.buckets.get('lake')?.put(`table/${key}`, Buffer.from(key))
    await store.getMany(keys)
    expect(server.requests.maxConcurrent).toBeGreaterThan(16)
    expect(server.requests.depth()).toBeLessThan(4)
  })
})
