import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serializeCommit } from '../../src/protocol/actions/serialize-commit.js'
import { checkpointKey, commitKey, LAST_CHECKPOINT_KEY } from '../../src/protocol/log-path.js'
import { advanceSnapshot } from '../../src/snapshot/advance-snapshot.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { writeCheckpoint } from '../../src/snapshot/write-checkpoint.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { addFile, metadata, protocol } from '../log/test-log.js'
import { type S3Server, startS3Server } from '../support/s3-server/start-s3-server.js'

const FILES = 40_000
const unique = (i: number): string => ((i + 1) * 2654435761).toString(16)

let server: S3Server
const fresh = (): Promise<TableLocation> => openTableLocation(server.tableUrl('table'), { storage: server.options })

/** A table on S3: a checkpoint of more than a mebibyte, and nine commits after it. */
beforeAll(async () => {
  server = await startS3Server()
  const location = await fresh()
  const put = (version: number, ...actions: Parameters<typeof serializeCommit>[0]): Promise<unknown> =>
    location.store.put(commitKey(version), serializeCommit(actions), { mode: 'create' })
  await put(0, protocol(), metadata(), { type: 'txn', appId: 'app', version: 7 })
  await put(
    1,
    ...Array.from({ length: FILES }, (_, i) =>
      addFile(`p=a/part-${i}-${unique(i)}.parquet`, {
        stats: `{"numRecords":${unique(i).length},"x":"${unique(i * 7)}"}`,
      }),
    ),
  )
  await writeCheckpoint(await openSnapshot(location))
  for (let version = 2; version <= 10; version++) await put(version, addFile(`f${version}`))
  expect((await location.store.head(checkpointKey(1))).size).toBeGreaterThan(1 << 20)
}, 60_000)

afterAll(() => server.close())

const bytesOfCheckpoint = (): number =>
  server.requests.all
    .filter(({ key }) => key.endsWith(checkpointKey(1)))
    .reduce((sum, { bytesOut }) => sum + bytesOut, 0)

describe('a table with a large checkpoint, on S3', () => {
  it('is opened and its files are listed in five round trips, one request a newer commit', async () => {
    const location = await fresh()
    server.requests.clear()
    // Requests that are sent together are seen together.
    server.latencyMs = 50
    const snapshot = await openSnapshot(location)
    expect((await snapshot.files()).numFiles).toBe(FILES + 9)
    server.latencyMs = 0
    expect(server.requests.depth()).toBeLessThanOrEqual(5)
    expect(server.requests.count({ operation: 'ListObjectsV2' })).toBe(1)
    expect(server.requests.count({ key: LAST_CHECKPOINT_KEY })).toBe(1)
    for (let version = 2; version <= 10; version++) expect(server.requests.count({ key: commitKey(version) })).toBe(1)
    expect(server.requests.count({ key: commitKey(1) })).toBe(0)
  })

  it('is opened to append to it, and appended to, without any of its files being read', async () => {
    const location = await fresh()
    server.requests.clear()
    const snapshot = await openSnapshot(location)
    expect(await snapshot.transactionVersion('app')).toBe(7)
    const next = advanceSnapshot(snapshot, 11, [addFile('new')], 1)
    expect(await next.transactionVersion('app')).toBe(7)
    expect(await next.domainMetadata()).toEqual(new Map())
    // The footer, and the columns of the row group that has something else than files.
    expect(bytesOfCheckpoint()).toBeLessThan(200_000)
  })

  it('has its statistics read when they are wanted, once', async () => {
    const snapshot = await openSnapshot(await fresh())
    const { chunks } = await snapshot.files()
    const [chunk] = chunks
    const before = bytesOfCheckpoint()
    expect(chunk?.stats(0)).toBeUndefined()
    await Promise.all([chunk?.loadStatistics(), chunk?.loadStatistics()])
    const loaded = bytesOfCheckpoint()
    expect(loaded).toBeGreaterThan(before)
    expect(chunk?.stats(3)).toBe(`{"numRecords":${unique(3).length},"x":"${unique(21)}"}`)
    await chunk?.loadStatistics()
    expect(bytesOfCheckpoint()).toBe(loaded)
  })
})
