import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/protocol/actions/action.js'
import { parseCommit } from '../../src/protocol/actions/parse-commit.js'
import { checksumKey, compactionKey } from '../../src/protocol/log-path.js'
import { advanceSnapshot } from '../../src/snapshot/advance-snapshot.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { verifyChecksum } from '../../src/snapshot/verify-checksum.js'
import { commit } from '../../src/transaction/commit.js'
import { ScriptedStore } from './scripted-store.js'
import { add, pathsOf, prepared, protocolWith, testTable } from './test-table.js'

/** What one commit does: files to add and to remove (by number), an application, a domain. */
const step = fc.record({
  adds: fc.integer({ min: 0, max: 3 }),
  removes: fc.array(fc.nat({ max: 20 }), { maxLength: 2 }),
  app: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  domain: fc.option(fc.boolean(), { nil: undefined }),
})

const history = fc.array(step, { minLength: 3, maxLength: 12 })

async function commitAll(plan: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[], configuration = {}) {
  const table = await testTable({ protocol: protocolWith('domainMetadata'), configuration })
  let snapshot = table.snapshot
  let next = 0
  const live: number[] = []
  for (const { adds, removes, app, domain } of plan) {
    const actions: Action[] = []
    for (const wanted of removes) {
      const [file] = live.splice(wanted % Math.max(1, live.length), 1)
      if (file === undefined) continue
      actions.push({
        type: 'remove',
        path: `f${file}`,
        dataChange: true,
        size: file + 1,
        deletionTimestamp: table.clock.time,
      })
    }
    for (let i = 0; i < adds; i++) {
      actions.push(add(`f${next}`, { size: next + 1 }))
      live.push(next++)
    }
    if (domain !== undefined) {
      actions.push({ type: 'domainMetadata', domain: 'd', configuration: `{"v":${next}}`, removed: domain })
    }
    const txn = app === undefined ? {} : { txn: { appId: app, version: snapshot.version + 1 } }
    snapshot = (await commit(snapshot, prepared(actions, txn))).snapshot
  }
  return { ...table, snapshot }
}

describe('a version checksum that is written with each commit', () => {
  it('says what the log says, whatever was committed', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (plan) => {
        const { location, snapshot, warnings } = await commitAll(plan, { 'lakewright.writeChecksums': 'commits' })
        for (let version = 1; version <= snapshot.version; version++) {
          expect(await verifyChecksum(location, version)).toBe(true)
        }
        expect(warnings).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('costs one request, and reads nothing', async () => {
    let store: ScriptedStore | undefined
    const { snapshot } = await testTable({
      configuration: { 'lakewright.writeChecksums': 'commits' },
      wrap: (inner) => {
        store = new ScriptedStore(inner)
        return store
      },
    })
    const first = await commit(snapshot, prepared([add('one')]))
    const requests = (store as ScriptedStore).requests
    requests.length = 0
    await commit(first.snapshot, prepared([add('two')]))
    expect(requests).toEqual(['put _delta_log/00000000000000000002.json', `put ${checksumKey(2)}`])
  })
})

describe('a log compaction file', () => {
  it('comes to what its commits come to', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (plan) => {
        const { location, snapshot, warnings } = await commitAll(plan, { 'lakewright.logCompactionInterval': '3' })
        for (let last = 2; last <= snapshot.version; last += 3) {
          const key = compactionKey(last - 2, last)
          const actions = parseCommit(await location.store.get(key), key)
          expect(actions.some(({ type }) => type === 'commitInfo')).toBe(false)
          if (last === 2) continue
          const before = await openSnapshot(location, { version: last - 3 })
          const replayed = advanceSnapshot(before, last, actions, 0)
          const opened = await openSnapshot(location, { version: last })
          expect(await pathsOf(replayed)).toEqual(await pathsOf(opened))
          expect(await replayed.domainMetadata()).toEqual(await opened.domainMetadata())
          for (const app of ['a', 'b']) {
            expect(await replayed.transactionVersion(app)).toBe(await opened.transactionVersion(app))
          }
        }
        expect(warnings).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

describe('a transaction past delta.setTransactionRetentionDuration', () => {
  it('is forgotten, before a checkpoint and after it', async () => {
    const table = await testTable({ configuration: { 'delta.setTransactionRetentionDuration': 'interval 1 day' } })
    const txn = { appId: 'loader', version: 7 }
    const { snapshot } = await commit(table.snapshot, prepared([add('one')], { txn }))
    expect(await commit(snapshot, prepared([add('again')], { txn }))).toMatchObject({ skipped: true })
    table.clock.time += 2 * 86_400_000
    expect(await snapshot.transactionVersion('loader')).toBeUndefined()
    expect(await (await openSnapshot(table.location)).transactionVersion('loader')).toBeUndefined()
    expect(await commit(snapshot, prepared([add('much later')], { txn }))).toMatchObject({ version: 2 })
  })
})
