import { describe, expect, it } from 'vitest'
import { DeltaError } from '../../src/errors/delta-error.js'
import { readCommit } from '../../src/log/read-commit.js'
import { tryCommit } from '../../src/log/try-commit.js'
import { commitKey } from '../../src/protocol/log-path.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { addFile, metadata, protocol, TestLog } from './test-log.js'

/** A location whose puts fail. */
function failing(log: TestLog, error: unknown): TableLocation {
  const store = Object.assign(Object.create(log.store), {
    put: async () => {
      throw error
    },
  })
  return { ...log.location, store }
}

describe('one try to commit', () => {
  it('creates the commit with one put, and reads nothing', async () => {
    const log = new TestLog()
    expect(await tryCommit(log.location, 0, [protocol(), metadata()])).toEqual({ status: 'committed', version: 0 })
    expect(log.requests).toEqual([`put ${commitKey(0)}`])
    expect(await readCommit(log.location, 0)).toEqual([protocol(), metadata()])
  })

  it('is a conflict where a commit stands, which stays as it is', async () => {
    const log = new TestLog()
    await log.commit(0, protocol(), metadata())
    expect(await tryCommit(log.location, 0, [addFile('mine')])).toEqual({ status: 'conflict', version: 0 })
    expect(await readCommit(log.location, 0)).toEqual([protocol(), metadata()])
  })

  it('has one winner of many', async () => {
    const log = new TestLog()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => tryCommit(log.location, 0, [addFile(`f${i}`)])),
    )
    expect(outcomes.filter(({ status }) => status === 'committed')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'conflict')).toHaveLength(19)
  })

  it.each([
    ['unknown', 'the reply was lost', new DeltaError('StorageUnavailable', 'timeout')],
    [
      'retryable',
      'nothing was sent',
      new DeltaError('StorageUnavailable', 'refused', { details: { maybeStored: false } }),
    ],
    ['unknown', 'it was aborted on its way', new DeltaError('Aborted', 'aborted')],
  ])('is %s where %s', async (status, _, cause) => {
    const log = new TestLog()
    expect(await tryCommit(failing(log, cause), 3, [addFile('a')])).toEqual({ status, version: 3, cause })
  })

  it.each(['PermissionDenied', 'BucketNotFound', 'StorageFull'] as const)(
    'passes on %s, against which no repetition helps',
    async (code) => {
      const log = new TestLog()
      await expect(tryCommit(failing(log, new DeltaError(code, 'no')), 0, [addFile('a')])).rejects.toMatchObject({
        code,
      })
    },
  )

  it('sends nothing where the signal fired before', async () => {
    const log = new TestLog()
    await expect(tryCommit(log.location, 0, [addFile('a')], AbortSignal.abort())).rejects.toMatchObject({
      code: 'Aborted',
    })
    expect(log.requests).toEqual([])
  })
})

describe('a commit that is read', () => {
  it('is VersionNotFound where it is not there', async () => {
    const log = new TestLog()
    await expect(readCommit(log.location, 5)).rejects.toMatchObject({
      code: 'VersionNotFound',
      details: { version: 5 },
    })
  })

  it('is CorruptLog where it is cut', async () => {
    const log = new TestLog()
    await log.put(commitKey(1), '{"add":{"path":"a"')
    await expect(readCommit(log.location, 1)).rejects.toMatchObject({
      code: 'CorruptLog',
      details: { path: commitKey(1) },
    })
  })
})
