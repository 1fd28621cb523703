import { beforeEach, describe, expect, it } from 'vitest'
import { listLogSegment } from '../../src/log/list-log-segment.js'
import type { LogSegment } from '../../src/log/log-segment.js'
import { checkpointKey, checksumKey, commitKey, LAST_CHECKPOINT_KEY } from '../../src/protocol/log-path.js'
import { TestLog } from './test-log.js'

let log: TestLog
beforeEach(() => {
  log = new TestLog()
})

const versions = ({ commits }: LogSegment): number[] => commits.map(({ version }) => version)
const uuidCheckpoint = (version: number, format: string): string =>
  `_delta_log/${String(version).padStart(20, '0')}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.${format}`
const part = (version: number, number: number, of: number): string =>
  `_delta_log/${String(version).padStart(20, '0')}.checkpoint.${String(number).padStart(10, '0')}.${String(of).padStart(10, '0')}.parquet`

describe('the files of the latest version', () => {
  it('are all commits where there is no checkpoint', async () => {
    await log.commits(3)
    const segment = await listLogSegment(log.location)
    expect(segment).toMatchObject({ version: 3, checkpoint: undefined })
    expect(versions(segment)).toEqual([0, 1, 2, 3])
  })

  it('are found with one GET and one LIST where _last_checkpoint points at a checkpoint', async () => {
    await log.commits(12)
    await log.put(checkpointKey(10), 'x')
    await log.put(LAST_CHECKPOINT_KEY, '{"version":10,"size":3}')
    const segment = await listLogSegment(log.location)
    expect(segment).toMatchObject({ version: 12, checkpoint: { version: 10, format: 'parquet' } })
    expect(segment.checkpointCommit?.version).toBe(10)
    expect(versions(segment)).toEqual([11, 12])
    expect(log.requests).toEqual([`get ${LAST_CHECKPOINT_KEY}`, 'list _delta_log/'])
  })

  it('begin with the newest checkpoint, also where _last_checkpoint is stale', async () => {
    await log.commits(25)
    for (const version of [10, 20]) await log.put(checkpointKey(version), 'x')
    await log.put(LAST_CHECKPOINT_KEY, '{"version":10,"size":3}')
    const segment = await listLogSegment(log.location)
    expect(segment.checkpoint?.version).toBe(20)
    expect(versions(segment)).toEqual([21, 22, 23, 24, 25])
  })

  it.each([
    ['is missing', undefined],
    ['is garbage', '{"version":'],
    ['is empty', ''],
    ['is null', 'null'],
    ['has no version', '{"size":3}'],
    ['points at a checkpoint that is gone', '{"version":7,"size":3}'],
    ['points beyond the end of the log', '{"version":99,"size":3}'],
    ['has a negative version', '{"version":-1,"size":3}'],
  ])('are found where _last_checkpoint %s', async (_, hint) => {
    await log.commits(8)
    await log.put(checkpointKey(5), 'x')
    if (hint !== undefined) await log.put(LAST_CHECKPOINT_KEY, hint)
    const segment = await listLogSegment(log.location)
    expect(segment.checkpoint?.version).toBe(5)
    expect(versions(segment)).toEqual([6, 7, 8])
  })

  it('do without the early commits where they were cleaned up', async () => {
    await log.commits(12)
    await log.put(checkpointKey(10), 'x')
    await log.delete(...Array.from({ length: 11 }, (_, version) => commitKey(version)))
    const segment = await listLogSegment(log.location)
    expect(segment).toMatchObject({ version: 12, checkpoint: { version: 10 }, checkpointCommit: undefined })
    expect(versions(segment)).toEqual([11, 12])
  })

  it('may be a checkpoint alone', async () => {
    await log.put(checkpointKey(10), 'x')
    expect(await listLogSegment(log.location)).toMatchObject({ version: 10, commits: [] })
  })

  it('pass over a checkpoint of several parts that lacks one', async () => {
    await log.commits(8)
    await log.put(checkpointKey(3), 'x')
    await log.put(part(6, 1, 3), 'x')
    await log.put(part(6, 3, 3), 'x')
    const segment = await listLogSegment(log.location)
    expect(segment.checkpoint?.version).toBe(3)
    await log.put(part(6, 2, 3), 'x')
    const { checkpoint } = await listLogSegment(log.location)
    expect(checkpoint?.files.map(({ key }) => key)).toEqual([part(6, 1, 3), part(6, 2, 3), part(6, 3, 3)])
  })

  it('do not mix the parts of two writers that split a checkpoint differently', async () => {
    await log.commits(6)
    await log.put(part(6, 1, 2), 'x')
    await log.put(part(6, 2, 3), 'x')
    expect((await listLogSegment(log.location)).checkpoint).toBeUndefined()
  })

  it.each(['json', 'parquet'])('know checkpoints with a UUID and a top level of %s', async (format) => {
    await log.commits(6)
    await log.put(uuidCheckpoint(4, format), 'x')
    expect((await listLogSegment(log.location)).checkpoint).toMatchObject({ version: 4, format })
  })

  it('pass over checkpoints that were found damaged', async () => {
    await log.commits(8)
    await log.put(checkpointKey(3), 'x')
    await log.put(checkpointKey(6), 'x')
    const damaged = new Set([checkpointKey(6)])
    expect((await listLogSegment(log.location, { damaged })).checkpoint?.version).toBe(3)
  })

  it('leave out what is foreign', async () => {
    await log.commits(2)
    for (const name of [
      '.00000000000000000003.json.ab12.tmp',
      '00000000000000000003.json.tmp',
      '00000000000000000003.11111111-2222-4333-8444-555555555555.json.tmp',
      '00000000000000000003.checkpoint.parquet.tmp',
      '3.json',
      '_README',
      '_staged_commits/00000000000000000003.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json',
      '_sidecars/3a0d65cd-4056-49b8-937b-95f9e3ee90e5.parquet',
      'backup/00000000000000000003.json',
      '00000000000000000001.00000000000000000002.compacted.json',
      '00000000000000000002.00000000000000000005.compacted.json',
    ]) {
      await log.put(`_delta_log/${name}`, 'x')
    }
    expect(versions(await listLogSegment(log.location))).toEqual([0, 1, 2])
  })

  it('have the newest checksum that belongs to them', async () => {
    await log.commits(4)
    for (const version of [1, 3]) await log.put(checksumKey(version), '{}')
    expect((await listLogSegment(log.location)).checksum?.version).toBe(3)
    expect((await listLogSegment(log.location, { version: 2 })).checksum?.version).toBe(1)
    await log.put(checkpointKey(4), 'x')
    expect((await listLogSegment(log.location)).checksum).toBeUndefined()
  })
})

describe('the files of a given version', () => {
  it('are found with one LIST where a checkpoint is not far before it', async () => {
    await log.commits(305)
    await log.put(checkpointKey(250), 'x')
    await log.put(checkpointKey(300), 'x')
    const segment = await listLogSegment(log.location, { version: 299 })
    expect(segment).toMatchObject({ version: 299, checkpoint: { version: 250 } })
    expect(versions(segment)).toHaveLength(49)
    expect(log.requests).toEqual(['list _delta_log/'])
  })

  it('are found where the checkpoint is far before it', async () => {
    await log.commits(305)
    await log.put(checkpointKey(10), 'x')
    const segment = await listLogSegment(log.location, { version: 299 })
    expect(segment.checkpoint?.version).toBe(10)
    expect(versions(segment)).toHaveLength(289)
  })

  it('do not include a checkpoint of a later version', async () => {
    await log.commits(12)
    await log.put(checkpointKey(10), 'x')
    const segment = await listLogSegment(log.location, { version: 9 })
    expect(segment.checkpoint).toBeUndefined()
    expect(versions(segment)).toHaveLength(10)
  })

  it('do not include a gap that comes later', async () => {
    await log.commits(5)
    await log.delete(commitKey(4))
    expect(versions(await listLogSegment(log.location, { version: 3 }))).toEqual([0, 1, 2, 3])
  })

  it.each([
    [13, 'does not exist yet'],
    [9, 'is gone'],
  ])('do not exist: version %i %s, and the error says which do', async (version, reason) => {
    await log.commits(12)
    await log.put(checkpointKey(10), 'x')
    await log.delete(commitKey(0), commitKey(1))
    const failure = listLogSegment(log.location, { version })
    await expect(failure).rejects.toMatchObject({
      code: 'VersionNotFound',
      details: { version, earliest: 10, latest: 12 },
    })
    await expect(failure).rejects.toThrow(reason)
    await expect(failure).rejects.toThrow('Versions 10 to 12 can be opened')
  })

  it.each([-1, 1.5, Number.NaN])('are not asked for by %d', async (version) => {
    await log.commits(1)
    await expect(listLogSegment(log.location, { version })).rejects.toMatchObject({ code: 'InvalidArgument' })
  })
})

describe('a log that cannot be read', () => {
  it('is no table where there is nothing, and the error names the URL tried', async () => {
    await expect(listLogSegment(log.location)).rejects.toMatchObject({ code: 'TableNotFound' })
    await expect(listLogSegment(log.location)).rejects.toThrow('memory://table/_delta_log/')
    await expect(listLogSegment(log.location, { version: 3 })).rejects.toMatchObject({ code: 'TableNotFound' })
  })

  it('is no table where only foreign files lie', async () => {
    await log.put('_delta_log/_README', 'x')
    await log.put('part-0.parquet', 'x')
    await expect(listLogSegment(log.location)).rejects.toMatchObject({ code: 'TableNotFound' })
  })

  it.each([
    ['between others', [4], 4],
    ['after the checkpoint', [7], 7],
  ])('is corrupt where a commit is missing %s, and the error names it', async (_, missing, named) => {
    await log.commits(9)
    if (named === 7) await log.put(checkpointKey(6), 'x')
    await log.delete(...missing.map(commitKey))
    const failure = listLogSegment(log.location)
    await expect(failure).rejects.toMatchObject({
      code: 'CorruptLog',
      details: { version: named, path: commitKey(named) },
    })
    await expect(failure).rejects.toThrow(`version ${named}`)
  })

  it('is corrupt where the first commit is missing and no checkpoint stands for it', async () => {
    await log.commits(3)
    await log.delete(commitKey(0))
    await expect(listLogSegment(log.location)).rejects.toMatchObject({ code: 'CorruptLog', details: { version: 0 } })
  })
})
