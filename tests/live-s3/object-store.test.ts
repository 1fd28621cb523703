import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRuntime } from '../../src/runtime/runtime.js'
import { probeConditionalPut } from '../../src/storage/probe-conditional-put.js'
import { S3Store } from '../../src/storage/s3/s3-store.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'
import { type LiveServer, liveServerKinds, startLiveServer } from './live-server.js'

describe.each(liveServerKinds)('on %s', (kind) => {
  let server: LiveServer
  let opened = 0
  beforeAll(async () => {
    server = await startLiveServer(kind)
  })
  afterAll(() => server?.stop())

  const open = (): S3Store => new S3Store({ bucket: server.bucket, prefix: `table ${opened++}`, s3: server.s3 })

  // moto looks whether the key stands and then stores, in threads: in one race of forty two small objects win, of uploads in parts
  // nearly always several. Fit to try requests on, not to keep a table on.
  const racyCreates = kind === 'moto'
  objectStoreContract(kind, async () => open(), { racyCreates })

  it.runIf(!racyCreates)(
    'commits are safe: the probe of conditional writes passes and leaves nothing behind',
    async () => {
      const store = open()
      await probeConditionalPut(store, systemRuntime)
      for await (const { key } of store.list('')) expect.unreachable(`${key} was left behind`)
    },
  )

  it('a bucket that does not exist is named', async () => {
    const store = new S3Store({ bucket: 'no-such-bucket', s3: server.s3 })
    const refusal = { code: 'BucketNotFound', message: expect.stringContaining('no-such-bucket') }
    await expect(store.list('').next()).rejects.toMatchObject(refusal)
    await expect(store.put('k', new Uint8Array(1), { mode: 'create' })).rejects.toMatchObject(refusal)
  })
})
