import { describe, expect, it } from 'vitest'
import {
  checkpointKey,
  checksumKey,
  commitKey,
  compactionKey,
  LAST_CHECKPOINT_KEY,
  parseLogKey,
} from '../../src/protocol/log-path.js'

const UUID = '80a083e8-7026-4e79-81be-64bd76c43a11'

describe('parseLogKey', () => {
  it.each([
    ['00000000000000000010.json', { kind: 'commit', version: 10 }],
    ['00000000000000000010.checkpoint.parquet', { kind: 'classicCheckpoint', version: 10 }],
    [
      '00000000000000000010.checkpoint.0000000002.0000000003.parquet',
      { kind: 'multiPartCheckpoint', version: 10, part: 2, parts: 3 },
    ],
    [
      `00000000000000000010.checkpoint.${UUID}.json`,
      { kind: 'uuidCheckpoint', version: 10, uuid: UUID, format: 'json' },
    ],
    [
      `00000000000000000010.checkpoint.${UUID}.parquet`,
      { kind: 'uuidCheckpoint', version: 10, uuid: UUID, format: 'parquet' },
    ],
    ['00000000000000000004.00000000000000000006.compacted.json', { kind: 'compaction', version: 4, endVersion: 6 }],
    ['00000000000000000001.crc', { kind: 'checksum', version: 1 }],
    [`_staged_commits/00000000000000000008.${UUID}.json`, { kind: 'stagedCommit', version: 8, uuid: UUID }],
    [`_sidecars/${UUID}.parquet`, { kind: 'sidecar', name: `${UUID}.parquet` }],
    ['_last_checkpoint', { kind: 'lastCheckpoint' }],
  ])('knows %s', (name, parsed) => {
    expect(parseLogKey(`_delta_log/${name}`)).toEqual(parsed)
  })

  it.each([
    '10.json',
    '000000000000000000010.json',
    '00000000000000000010.json.tmp',
    '._00000000000000000010.json',
    '.00000000000000000010.json.crc',
    '00000000000000000010.checkpoint.tmp.parquet',
    '00000000000000000010.checkpoint.0000000000.0000000003.parquet',
    '00000000000000000010.checkpoint.0000000004.0000000003.parquet',
    '00000000000000000006.00000000000000000006.compacted.json',
    '99999999999999999999.json',
    'sub/00000000000000000010.json',
    '',
  ])('ignores the foreign file %j', (name) => {
    expect(parseLogKey(`_delta_log/${name}`)).toBeUndefined()
  })

  it('ignores files outside of the log', () => {
    expect(parseLogKey('data/00000000000000000010.json')).toBeUndefined()
  })

  it('knows the keys that are written', () => {
    expect(parseLogKey(commitKey(0))).toEqual({ kind: 'commit', version: 0 })
    expect(parseLogKey(checkpointKey(123))).toEqual({ kind: 'classicCheckpoint', version: 123 })
    expect(parseLogKey(checksumKey(5))).toEqual({ kind: 'checksum', version: 5 })
    expect(parseLogKey(compactionKey(5, 9))).toEqual({ kind: 'compaction', version: 5, endVersion: 9 })
    expect(parseLogKey(LAST_CHECKPOINT_KEY)).toEqual({ kind: 'lastCheckpoint' })
  })
})
