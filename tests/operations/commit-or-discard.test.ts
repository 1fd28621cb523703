import { describe, expect, it } from 'vitest'
import { DeltaError } from '../../src/errors/delta-error.js'
import { create } from '../../src/operations/create.js'
import { commitOrDiscard } from '../../src/operations/operation/discard-files.js'
import type { Written } from '../../src/operations/operation/write-result.js'
import { overwrite } from '../../src/operations/overwrite/overwrite.js'
import { scan } from '../../src/operations/scan.js'
import { commitKey } from '../../src/protocol/log-path.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { FaultyStore } from '../support/faulty-store.js'
import { instantRuntime } from '../support/instant-runtime.js'

async function newTable(): Promise<{ store: FaultyStore; location: TableLocation; snapshot: Snapshot }> {
  const store = new FaultyStore(new MemoryStore())
  const resolve = (key: string): { store: FaultyStore; key: string } => ({ store, key })
  const location = { url: store.url, store, runtime: instantRuntime(), resolve }
  return { store, location, snapshot: await create(location, { schema: 'id BIGINT' }) }
}

async function ids(location: TableLocation): Promise<unknown[]> {
  const seen: unknown[] = []
  for await (const batch of scan(await openSnapshot(location), {})) {
    seen.push(...(batch.getChild('id')?.toArray() ?? []))
  }
  return seen
}

describe('files of a commit', () => {
  it('stay where its reply was lost', async () => {
    const { store, location, snapshot } = await newTable()
    store.fail({ method: 'put', key: commitKey(1) }, { type: 'after' })
    const { result } = await overwrite(snapshot, [{ id: 7n }], { txn: { appId: 'load', version: 1 } })
    expect(result.skipped).toBeUndefined()
    expect(await ids(location)).toEqual([7n])
  })

  it('stay where its reply was lost, and nobody says what became of it', async () => {
    const { store, location, snapshot } = await newTable()
    store.fail({ method: 'put', key: commitKey(1) }, { type: 'after' })
    store.fail({ method: 'get', key: commitKey(1) }, { type: 'before' }, { times: 3 })
    const lost = overwrite(snapshot, [{ id: 7n }], { maxCommitAttempts: 1 })
    await expect(lost).rejects.toMatchObject({ code: 'CommitStateUnknown' })
    const read = async (): Promise<unknown[]> => ids(location)
    expect(await read().catch(read).catch(read)).toEqual([7n])
  })

  const error = (code: 'ConcurrentAppend' | 'CommitStateUnknown'): DeltaError => new DeltaError(code, 'It failed.')
  it.each<[string, () => Promise<Written>, boolean]>([
    ['go where another was faster', () => Promise.reject(error('ConcurrentAppend')), false],
    ['go where the load had been committed before', async () => ({ result: { skipped: true } }) as Written, false],
    ['stay where it is in doubt', () => Promise.reject(error('CommitStateUnknown')), true],
    ['stay where the library itself is at fault', () => Promise.reject(new TypeError('undefined')), true],
    ['stay where it landed', async () => ({ result: {} }) as Written, true],
  ])('%s', async (_, commit, stays) => {
    const { store, location } = await newTable()
    await store.put('a.parquet', new Uint8Array(1), { mode: 'create' })
    await commitOrDiscard(location, [{ path: 'a.parquet' }], commit).catch(() => undefined)
    const isThere = await store.head('a.parquet').then(
      () => true,
      () => false,
    )
    expect(isThere).toBe(stays)
  })
})
