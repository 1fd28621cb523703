import { expect, it } from 'vitest'
import { systemRuntime } from '../../src/runtime/runtime.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { probeConditionalPut } from '../../src/storage/probe-conditional-put.js'
import { FaultyStore } from '../support/faulty-store.js'
import { instantRuntime } from '../support/instant-runtime.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'

it('a store that lets one creator win is accepted, and nothing is left there', async () => {
  await using server = await startS3Server()
  const { store } = await openTableLocation(server.tableUrl('new'), { storage: server.options })
  await probeConditionalPut(store, systemRuntime)
  expect(server.buckets.get('lake')?.keys()).toEqual([])
})

it('a store that ignores If-None-Match is refused with the reason, and nothing is left there', async () => {
  await using server = await startS3Server({ conditional: false })
  const { store } = await openTableLocation(server.tableUrl('new'), { storage: server.options })
  await expect(probeConditionalPut(store, systemRuntime)).rejects.toMatchObject({
    code: 'UnsupportedStore',
    kind: 'unsupported',
    message: expect.stringContaining('If-None-Match'),
  })
  expect(server.buckets.get('lake')?.keys()).toEqual([])
})

it('a store that keeps the promise in sequence but not in a race is refused', async () => {
  await using server = await startS3Server({ conditional: 'in-sequence' })
  server.latencyMs = 200
  const { store } = await openTableLocation(server.tableUrl('new'), { storage: server.options })
  await store.put('k', new Uint8Array(1), { mode: 'create' })
  await expect(store.put('k', new Uint8Array(1), { mode: 'create' })).rejects.toMatchObject({
    code: 'ObjectAlreadyExists',
  })
  await expect(probeConditionalPut(store, systemRuntime)).rejects.toMatchObject({ code: 'UnsupportedStore' })
})

it('a store that fails once is asked again, and one that does not answer is no bad store', async () => {
  const shaky = new FaultyStore(new MemoryStore()).fail({ method: 'put' }, { type: 'before' })
  await probeConditionalPut(shaky, instantRuntime())
  const silent = new FaultyStore(new MemoryStore()).fail({ method: 'put' }, { type: 'before' }, { times: 1000 })
  await expect(probeConditionalPut(silent, instantRuntime())).rejects.toMatchObject({ code: 'StorageUnavailable' })
})
