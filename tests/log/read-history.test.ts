import { beforeEach, describe, expect, it } from 'vitest'
import { readHistory } from '../../src/log/read-history.js'
import type { CommitInfo } from '../../src/protocol/actions/action.js'
import { checkpointKey, commitKey, LAST_CHECKPOINT_KEY } from '../../src/protocol/log-path.js'
import { addFile, metadata, protocol, TestLog } from './test-log.js'

let log: TestLog
beforeEach(() => {
  log = new TestLog()
})

const info = (operation: string, more: Partial<CommitInfo> = {}): CommitInfo => ({
  type: 'commitInfo',
  operation,
  ...more,
})

describe('the history of a table', () => {
  it('has the newest commit first, with its time and what it says of itself', async () => {
    await log.commit(0, info('CREATE TABLE'), protocol(), metadata())
    await log.commit(1, info('WRITE', { operationMetrics: { numFiles: '1' }, custom: { deep: [1] } }), addFile('a'))
    const start = Date.UTC(2026, 0, 1)
    expect(await readHistory(log.location)).toEqual([
      {
        version: 1,
        timestamp: start + 2000,
        commitInfo: info('WRITE', { operationMetrics: { numFiles: '1' }, custom: { deep: [1] } }),
      },
      { version: 0, timestamp: start + 1000, commitInfo: info('CREATE TABLE') },
    ])
  })

  it('finds what a commit says of itself in any line, and does without it', async () => {
    await log.commit(0, protocol(), metadata(), info('CREATE TABLE'))
    await log.commit(1, addFile('a'))
    await log.put(commitKey(2), '')
    const history = await readHistory(log.location)
    expect(history.map(({ commitInfo }) => commitInfo?.operation)).toEqual([undefined, undefined, 'CREATE TABLE'])
  })

  it('reads no more than is wanted, and no checkpoint', async () => {
    await log.commits(400)
    await log.put(checkpointKey(390), 'damaged')
    await log.put(LAST_CHECKPOINT_KEY, '{"version":390,"size":1}')
    const history = await readHistory(log.location, { limit: 3 })
    expect(history.map(({ version }) => version)).toEqual([400, 399, 398])
    expect(log.requests).toEqual([
      `get ${LAST_CHECKPOINT_KEY}`,
      'list _delta_log/',
      ...[398, 399, 400].map((version) => `get ${commitKey(version)}`),
    ])
    expect(await readHistory(log.location, { limit: 0 })).toEqual([])
    expect(await readHistory(log.location)).toHaveLength(401)
  })

  it('ends at a version that is asked for', async () => {
    await log.commits(10)
    const history = await readHistory(log.location, { to: 7, limit: 2 })
    expect(history.map(({ version }) => version)).toEqual([7, 6])
    expect(await readHistory(log.location, { to: 3 })).toHaveLength(4)
  })

  it('is found where _last_checkpoint points beyond the end of the log', async () => {
    await log.commits(5)
    await log.put(LAST_CHECKPOINT_KEY, '{"version":900,"size":1}')
    expect(await readHistory(log.location, { limit: 2 })).toHaveLength(2)
  })

  it('begins with the oldest commit that is left', async () => {
    await log.commits(8)
    await log.put(checkpointKey(5), 'x')
    await log.delete(...[0, 1, 2, 3, 4].map(commitKey))
    expect((await readHistory(log.location)).map(({ version }) => version)).toEqual([8, 7, 6, 5])
  })

  it('raises times of files that are out of order', async () => {
    await log.commit(0, protocol(), metadata())
    const first = log.time
    log.time -= 50_000
    await log.commit(1, addFile('a'))
    await log.commit(2, addFile('b'))
    const times = (await readHistory(log.location)).map(({ timestamp }) => timestamp - first)
    expect(times).toEqual([2, 1, 0])
  })

  it('has the time that a commit bears in it', async () => {
    await log.commit(0, protocol(), metadata())
    await log.commit(1, info('WRITE', { inCommitTimestamp: 1_800_000_000_000 }), addFile('a'))
    expect((await readHistory(log.location))[0]?.timestamp).toBe(1_800_000_000_000)
  })

  it('is that of no table where there is none', async () => {
    await expect(readHistory(log.location)).rejects.toMatchObject({ code: 'TableNotFound' })
  })

  it('names the commit that is cut', async () => {
    await log.commits(2)
    await log.put(commitKey(1), '{"commitInfo":{"operation":"WR')
    await expect(readHistory(log.location)).rejects.toMatchObject({
      code: 'CorruptLog',
      details: { path: commitKey(1) },
    })
  })
})
