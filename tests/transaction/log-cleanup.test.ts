import { describe, expect, it } from 'vitest'
import { checkpointKey, checksumKey, commitKey, compactionKey } from '../../src/protocol/log-path.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { commit } from '../../src/transaction/commit.js'
import { add, pathsOf, prepared, protocolWith, type TestTable, testTable } from './test-table.js'

const DAY = 86_400_000

/** A table that gets a checkpoint every fifth version and keeps two days of its log. */
function shortLived(configuration: { readonly [key: string]: string } = {}, ...features: string[]): Promise<TestTable> {
  return testTable({
    protocol: {
      ...protocolWith(...features),
      ...(features.length > 0 && { minReaderVersion: 3, readerFeatures: features }),
    },
    configuration: {
      'delta.checkpointInterval': '5',
      'delta.logRetentionDuration': 'interval 2 days',
      ...configuration,
    },
  })
}

/** Appends up to a version, a commit each twelve hours. */
async function appendUntil({ clock }: TestTable, snapshot: Snapshot, version: number): Promise<Snapshot> {
  let current = snapshot
  while (current.version < version) {
    clock.time += DAY / 2
    current = (await commit(current, prepared([add(`f${current.version + 1}`)]))).snapshot
  }
  return current
}

async function keysOf({ store }: TableLocation, prefix = '_delta_log/'): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

describe('the cleanup of the log after a checkpoint', () => {
  it('deletes what no version of the retention needs, and every version of it still opens', async () => {
    const table = await shortLived({ 'lakewright.logCompactionInterval': '3' })
    await appendUntil(table, table.snapshot, 15)
    // Version 15 is of day 7.5, so midnight of day 5 is the cutoff: version 10, whose checkpoint is kept.
    const keys = await keysOf(table.location)
    const kept = Array.from({ length: 6 }, (_, i) => commitKey(10 + i))
    expect(keys).toEqual(
      [
        ...kept,
        checkpointKey(10),
        checkpointKey(15),
        checksumKey(10),
        checksumKey(15),
        compactionKey(12, 14),
        '_delta_log/_last_checkpoint',
      ].sort(),
    )
    for (let version = 10; version <= 15; version++) {
      const paths = await pathsOf(await openSnapshot(table.location, { version }))
      expect(paths).toEqual(Array.from({ length: version }, (_, i) => `f${i + 1}`).sort())
    }
    await expect(openSnapshot(table.location, { version: 9 })).rejects.toMatchObject({ code: 'VersionNotFound' })
    expect(table.warnings).toEqual([])
  })

  it('leaves the log alone where the table says so, and where nothing is old enough', async () => {
    const off = await shortLived({ 'delta.enableExpiredLogCleanup': 'false' })
    await appendUntil(off, off.snapshot, 15)
    expect(await keysOf(off.location)).toContain(commitKey(0))
    const long = await shortLived({ 'delta.logRetentionDuration': 'interval 30 days' })
    await appendUntil(long, long.snapshot, 15)
    expect(await keysOf(long.location)).toContain(commitKey(0))
    const guarded = await shortLived({}, 'checkpointProtection')
    await appendUntil(guarded, guarded.snapshot, 15)
    expect(await keysOf(guarded.location)).toContain(commitKey(0))
  })

  it('takes what protected checkpoints stand for all at once, commits first, or not at all', async () => {
    const deleted: string[] = []
    const table = await testTable({
      protocol: protocolWith('checkpointProtection'),
      configuration: {
        'delta.checkpointInterval': '5',
        'delta.logRetentionDuration': 'interval 2 days',
        'delta.requireCheckpointProtectionBeforeVersion': '12',
      },
      wrap: (store) => {
        const { delete: remove } = store
        return Object.assign(store, {
          delete: (...args: Parameters<typeof remove>) => {
            deleted.push(...args[0])
            return remove.apply(store, args)
          },
        })
      },
    })
    const at15 = await appendUntil(table, table.snapshot, 15)
    // Version 10 could be where the log begins: not while 12 and those before it are one.
    expect(deleted).toEqual([])
    await appendUntil(table, at15, 20)
    expect(deleted).toEqual([
      ...Array.from({ length: 15 }, (_, version) => commitKey(version)),
      ...[5, 10].flatMap((version) => [checkpointKey(version), checksumKey(version)]),
    ])
    for (const version of [15, 20]) {
      expect(await pathsOf(await openSnapshot(table.location, { version }))).toHaveLength(version)
    }
    expect(table.warnings).toEqual([])
  })

  it('deletes sidecars that no kept checkpoint names, but none that is a day old or younger', async () => {
    const table = await shortLived({ 'delta.checkpointPolicy': 'v2' }, 'v2Checkpoint')
    const orphan = '_delta_log/_sidecars/3f1c0000-0000-4000-8000-000000000001.parquet'
    const fresh = '_delta_log/_sidecars/3f1c0000-0000-4000-8000-000000000002.parquet'
    const at9 = await appendUntil(table, table.snapshot, 9)
    await table.memory.put(orphan, new Uint8Array(1), { mode: 'create' })
    const at14 = await appendUntil(table, at9, 14)
    await table.memory.put(fresh, new Uint8Array(1), { mode: 'create' })
    await appendUntil(table, at14, 15)
    const sidecars = await keysOf(table.location, '_delta_log/_sidecars/')
    expect(sidecars).not.toContain(orphan)
    expect(sidecars).toContain(fresh)
    expect(sidecars).toHaveLength(3)
    for (const version of [10, 12, 15]) {
      expect(await pathsOf(await openSnapshot(table.location, { version }))).toHaveLength(version)
    }
    expect(table.warnings).toEqual([])
  })

  it('does not fail the commit when it cannot delete', async () => {
    const table = await testTable({
      configuration: { 'delta.checkpointInterval': '5', 'delta.logRetentionDuration': 'interval 0 days' },
      wrap: (store) => Object.assign(store, { delete: () => Promise.reject(new Error('not allowed')) }),
    })
    const last = await appendUntil(table, table.snapshot, 10)
    expect(last.version).toBe(10)
    expect(table.warnings).toEqual(
      expect.arrayContaining([expect.stringMatching(/was committed, but its log cleanup failed: not allowed/)]),
    )
  })
})

describe('a handle that was held for longer than the log is kept', () => {
  it('does not commit into the gap that a cleanup left', async () => {
    const table = await shortLived()
    const held = table.snapshot
    await appendUntil(table, table.snapshot, 15)
    await expect(commit(held, prepared([add('late')]))).rejects.toMatchObject({ code: 'ConcurrentModification' })
    expect(await keysOf(table.location)).not.toContain(commitKey(1))
    const result = await commit(await held.refresh(), prepared([add('late')]))
    expect(result.version).toBe(16)
  })

  it('commits where nobody else did', async () => {
    const table = await shortLived()
    table.clock.time += 100 * DAY
    expect(await commit(table.snapshot, prepared([add('late')]))).toMatchObject({ version: 1 })
  })
})
