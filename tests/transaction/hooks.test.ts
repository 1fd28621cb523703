import { describe, expect, it } from 'vitest'
import { checkpointKey } from '../../src/protocol/log-path.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import type { ObjectStore } from '../../src/storage/object-store.js'
import { commit } from '../../src/transaction/commit.js'
import { add, prepared, testTable } from './test-table.js'

async function appendUntil(snapshot: Snapshot, version: number): Promise<Snapshot> {
  let current = snapshot
  while (current.version < version) {
    current = (await commit(current, prepared([add(`file-${current.version}`)]))).snapshot
  }
  return current
}

describe('after a commit', () => {
  it('a checkpoint is written every delta.checkpointInterval versions', async () => {
    const { snapshot, location, warnings } = await testTable({ configuration: { 'delta.checkpointInterval': '3' } })
    await appendUntil(snapshot, 7)
    const keys: string[] = []
    for await (const { key } of location.store.list('_delta_log/')) if (key.includes('.checkpoint.')) keys.push(key)
    expect(keys).toEqual([checkpointKey(3), checkpointKey(6)])
    expect(warnings).toEqual([])
  })

  it('a checkpoint that cannot be written is a warning, not a failure', async () => {
    const { snapshot, warnings } = await testTable({ wrap: withoutCheckpoints })
    expect((await appendUntil(snapshot, 10)).version).toBe(10)
    expect(warnings).toEqual([
      expect.stringMatching(/^Version 10 of memory:\/\/table was committed, but its checkpoint failed: /),
    ])
  })
})

function withoutCheckpoints(store: ObjectStore): ObjectStore {
  const put = store.put.bind(store)
  store.put = async (key, body, options) => {
    if (key.includes('.checkpoint.')) throw new Error('no room')
    return put(key, body, options)
  }
  return store
}
