import { describe, expect, it } from 'vitest'
import type { CommitInfo } from '../../src/protocol/actions/action.js'
import { commitKey } from '../../src/protocol/log-path.js'
import { VERSION } from '../../src/runtime/version.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { commit } from '../../src/transaction/commit.js'
import type { CommitOptions } from '../../src/transaction/transaction.js'
import { ScriptedStore } from './scripted-store.js'
import {
  add,
  commitElsewhere,
  committed,
  pathsOf,
  prepared,
  type TestTable,
  testMetadata,
  testTable,
} from './test-table.js'

const WINNER = [
  { type: 'commitInfo', operation: 'WRITE', isBlindAppend: true, txnId: 'theirs' } as const,
  add('theirs'),
]

async function scriptedTable(): Promise<TestTable & { readonly store: ScriptedStore }> {
  let store: ScriptedStore | undefined
  const table = await testTable({
    wrap: (inner) => {
      store = new ScriptedStore(inner)
      return store
    },
  })
  const scripted = store as ScriptedStore
  scripted.requests.length = 0
  return { ...table, store: scripted }
}

describe('commit', () => {
  it('lands on the next version with one request, and its snapshot needs no other', async () => {
    const { snapshot, store, location } = await scriptedTable()
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(store.requests).toEqual([`put ${commitKey(1)}`])
    expect(result).toMatchObject({ version: 1, attempts: 1 })
    expect(await pathsOf(result.snapshot)).toEqual(['mine'])
    expect(await pathsOf(await openSnapshot(location))).toEqual(['mine'])
  })

  it('stamps a commitInfo with the names of Spark, first in the commit', async () => {
    const { snapshot, location, clock } = await testTable()
    await commit(
      snapshot,
      prepared([add('mine')], {
        operationParameters: { mode: 'Append', partitionBy: ['p'], nothing: null },
        operationMetrics: { numFiles: 1, numOutputRows: 10n },
        userMetadata: 'nightly',
      }),
    )
    const [info, file] = await committed(location, 1)
    expect(info).toEqual({
      type: 'commitInfo',
      timestamp: clock.now(),
      operation: 'WRITE',
      operationParameters: { mode: 'Append', partitionBy: '["p"]' },
      readVersion: 0,
      isolationLevel: 'WriteSerializable',
      isBlindAppend: true,
      operationMetrics: { numFiles: '1', numOutputRows: '10' },
      engineInfo: `lakewright/${VERSION}`,
      txnId: expect.any(String),
      userMetadata: 'nightly',
    })
    expect(file).toMatchObject({ type: 'add', path: 'mine' })
  })

  it('that lost the race lands on the next free version', async () => {
    const table = await testTable()
    const { snapshot, location } = table
    for (const version of [1, 2, 3, 4, 5])
      await commitElsewhere(table, version, [...WINNER.slice(0, 1), add(`theirs-${version}`)])
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(result).toMatchObject({ version: 6, attempts: 2 })
    const paths = ['mine', 'theirs-1', 'theirs-2', 'theirs-3', 'theirs-4', 'theirs-5']
    expect(await pathsOf(result.snapshot)).toEqual(paths)
    expect(await pathsOf(await openSnapshot(location))).toEqual(paths)
  })

  it('that a winner excludes fails with its name, and writes nothing', async () => {
    const table = await testTable()
    const { snapshot, location } = table
    await commitElsewhere(table, 1, [...WINNER.slice(0, 1), testMetadata({ 'delta.constraints.c': 'x > 0' })])
    await expect(commit(snapshot, prepared([add('mine')]))).rejects.toMatchObject({
      code: 'MetadataChanged',
      details: { version: 1, winningOperation: 'WRITE' },
    })
    expect((await openSnapshot(location)).version).toBe(1)
  })

  it('whose reply was lost is found in the log and not written again', async () => {
    const { snapshot, location, store } = await scriptedTable()
    store.puts.push('reply lost')
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(result).toMatchObject({ version: 1, attempts: 1 })
    expect(await pathsOf(result.snapshot)).toEqual(['mine'])
    expect((await openSnapshot(location)).version).toBe(1)
  })

  it('whose request was lost is written again on the same version', async () => {
    const { snapshot, location, store } = await scriptedTable()
    store.puts.push('request lost', 'refused')
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(result).toMatchObject({ version: 1, attempts: 3 })
    expect(await pathsOf(await openSnapshot(location))).toEqual(['mine'])
  })

  it('whose lost request arrives late after all is there once', async () => {
    const { snapshot, location, store } = await scriptedTable()
    let late: (() => Promise<void>) | undefined
    const put = store.put.bind(store)
    store.put = async (key, body, options) => {
      if (late === undefined) {
        late = async () => void (await put(key, body, options))
        store.puts.push('request lost')
        return put(key, body, options)
      }
      await late()
      return put(key, body, options)
    }
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(result.version).toBe(1)
    expect((await openSnapshot(location)).version).toBe(1)
  })

  it('whose reply was lost while another took the version lands on the next', async () => {
    const table = await scriptedTable()
    const { snapshot, location, store } = table
    store.puts.push(async () => {
      await commitElsewhere(table, 1, WINNER)
    })
    store.put = losesReplyOnConflict(store)
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(result.version).toBe(2)
    expect(await pathsOf(await openSnapshot(location))).toEqual(['mine', 'theirs'])
  })

  it('says so when the storage does not tell what became of it', async () => {
    const { snapshot, store } = await scriptedTable()
    store.puts.push('reply lost')
    for (let i = 0; i < 10_000; i++) store.gets.push('unavailable')
    await expect(commit(snapshot, prepared([add('mine')]), { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'CommitStateUnknown',
      details: { version: 1 },
    })
  })

  it.each<[string, (store: ScriptedStore, controller: AbortController) => void, CommitOptions]>([
    ['is refused after that', (store) => store.puts.push('refused', 'refused'), { maxAttempts: 3 }],
    ['runs out of time after that', (store) => store.puts.push('refused'), { timeoutMs: 1 }],
    ['may not write any more after that', (store) => store.puts.push('forbidden'), {}],
    ['is given up by its caller after that', (store, controller) => store.heard.push(() => controller.abort()), {}],
  ])('says so when a request may still arrive that nothing is known of, and it %s', async (_, go, options) => {
    const { snapshot, store, location } = await scriptedTable()
    const controller = new AbortController()
    store.puts.push('late')
    go(store, controller)
    await expect(
      commit(snapshot, prepared([add('mine')]), { ...options, signal: controller.signal }),
    ).rejects.toMatchObject({
      code: 'CommitStateUnknown',
      details: { version: 1 },
    })
    await store.arrive()
    expect(await pathsOf(await openSnapshot(location))).toEqual(['mine'])
  })

  it('promises that nothing was written where another took the version of a request that may still arrive', async () => {
    const table = await scriptedTable()
    const { snapshot, store, location } = table
    store.puts.push('late', () => commitElsewhere(table, 1, WINNER), 'refused')
    const failure = commit(snapshot, prepared([add('mine')]), { maxAttempts: 3 })
    await expect(failure).rejects.toMatchObject({ code: 'StorageUnavailable' })
    await expect(store.arrive()).rejects.toMatchObject({ code: 'ObjectAlreadyExists' })
    expect(await pathsOf(await openSnapshot(location))).toEqual(['theirs'])
  })

  it('gives up after so many tries, and after so long', async () => {
    const { snapshot, store } = await scriptedTable()
    for (let i = 0; i < 10_000; i++) store.puts.push('refused')
    await expect(commit(snapshot, prepared([add('mine')]), { maxAttempts: 3 })).rejects.toMatchObject({
      code: 'StorageUnavailable',
      message: expect.stringMatching(/not committed after 3 tries.*slow down/),
    })
    const started = snapshot.location.runtime.clock.now()
    await expect(commit(snapshot, prepared([add('mine')]))).rejects.toMatchObject({ code: 'StorageUnavailable' })
    expect(snapshot.location.runtime.clock.now() - started).toBeGreaterThanOrEqual(300_000)
  })

  it('gives up where others are faster each time', async () => {
    const table = await scriptedTable()
    const { snapshot, store } = table
    let version = 1
    for (let i = 0; i < 100; i++) store.puts.push(() => commitElsewhere(table, version++, WINNER))
    const failure = commit(snapshot, prepared([add('mine')]), { maxAttempts: 5 })
    await expect(failure).rejects.toMatchObject({ code: 'TooManyCommitAttempts', details: { attempts: 5 } })
  })

  it('ends before anything is written when the signal has fired', async () => {
    const { snapshot, store } = await scriptedTable()
    await expect(commit(snapshot, prepared([add('mine')]), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'Aborted',
    })
    expect(store.requests).toEqual([])
  })

  it('that landed is a success, though the signal fired and the reply was lost', async () => {
    const { snapshot, store } = await scriptedTable()
    const controller = new AbortController()
    store.puts.push('reply lost')
    const put = store.put.bind(store)
    store.put = async (key, body) => {
      try {
        return await put(key, body, { mode: 'create' })
      } finally {
        controller.abort()
      }
    }
    expect(await commit(snapshot, prepared([add('mine')]), { signal: controller.signal })).toMatchObject({ version: 1 })
  })

  it('of a metadata change that reads nothing follows appends', async () => {
    const table = await testTable()
    const { snapshot } = table
    await commitElsewhere(table, 1, WINNER)
    const result = await commit(
      snapshot,
      prepared([testMetadata({ 'my.key': '1' })], { operation: 'SET TBLPROPERTIES' }),
    )
    expect(result.version).toBe(2)
    expect(result.snapshot.metadata.configuration).toEqual({ 'my.key': '1' })
    expect(await pathsOf(result.snapshot)).toEqual(['theirs'])
  })

  it('counts on from the newest version of the table, not from the one it tried', async () => {
    const table = await scriptedTable()
    const { snapshot, location, store } = table
    const theirs = [1, 2].map(
      (version) => () => commitElsewhere(table, version, [...WINNER.slice(0, 1), add(`theirs-${version}`)]),
    )
    store.puts.push(...theirs)
    const result = await commit(snapshot, prepared([add('mine')]))
    expect(result).toMatchObject({ version: 3, attempts: 3 })
    const info = (await committed(location, 3))[0] as CommitInfo
    expect(info.readVersion).toBe(0)
  })
})

describe('a transaction of an application', () => {
  it('is recorded, and skipped when it is there already', async () => {
    const { snapshot, location } = await testTable()
    const write = prepared([add('mine')], { txn: { appId: 'loader', version: 7 } })
    const first = await commit(snapshot, write)
    expect(await first.snapshot.transactionVersion('loader')).toBe(7)
    expect(await committed(location, 1)).toContainEqual(
      expect.objectContaining({ type: 'txn', appId: 'loader', version: 7 }),
    )
    expect(await commit(first.snapshot, write)).toMatchObject({ version: 1, skipped: true, attempts: 0 })
    expect((await openSnapshot(location)).version).toBe(1)
  })

  it('is skipped, too, where the table that was held did not know of it', async () => {
    const { snapshot, location } = await testTable()
    const write = prepared([add('mine')], { txn: { appId: 'loader', version: 7 } })
    await commit(snapshot, write)
    const again = await commit(snapshot, prepared([add('mine-again')], { txn: { appId: 'loader', version: 7 } }))
    expect(again).toMatchObject({ version: 1, skipped: true })
    expect(await pathsOf(await openSnapshot(location))).toEqual(['mine'])
  })

  it('conflicts with an earlier one of another instance', async () => {
    const { snapshot } = await testTable()
    await commit(snapshot, prepared([add('mine')], { txn: { appId: 'loader', version: 6 } }))
    const late = commit(snapshot, prepared([add('mine-too')], { txn: { appId: 'loader', version: 7 } }))
    await expect(late).rejects.toMatchObject({ code: 'ConcurrentTransaction' })
  })

  it('keeps versions beyond 2^53 apart', async () => {
    const { snapshot } = await testTable()
    const version = 1_763_942_400_000_000_001n
    const first = await commit(snapshot, prepared([add('a')], { txn: { appId: 'ns', version } }))
    expect(await commit(first.snapshot, prepared([add('b')], { txn: { appId: 'ns', version } }))).toMatchObject({
      skipped: true,
    })
    const next = await commit(first.snapshot, prepared([add('b')], { txn: { appId: 'ns', version: version + 1n } }))
    expect(next).toMatchObject({ version: 2 })
  })
})

/** A conflict whose reply is lost: the writer cannot know whose commit stands there. */
function losesReplyOnConflict(store: ScriptedStore): ScriptedStore['put'] {
  const put = store.put.bind(store)
  return async (key, body, options) => {
    try {
      return await put(key, body, options)
    } catch {
      store.puts.push('request lost')
      return put(key, body, options)
    }
  }
}
