import { beforeEach, describe, expect, it } from 'vitest'
import { checkpointKey, checksumKey, commitKey } from '../../src/protocol/log-path.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { verifyChecksum } from '../../src/snapshot/verify-checksum.js'
import { writeCheckpoint } from '../../src/snapshot/write-checkpoint.js'
import { addFile, metadata, protocol, removeFile, TestLog } from '../log/test-log.js'

const { type: _protocol, ...PROTOCOL } = protocol({
  minWriterVersion: 7,
  writerFeatures: ['appendOnly', 'domainMetadata'],
})
const { type: _metadata, ...METADATA } = metadata()

/** What a writer would say of version 3 of the table below. */
const checksum = (change: object = {}): string =>
  JSON.stringify({
    tableSizeBytes: 300,
    numFiles: 3,
    numMetadata: 1,
    numProtocol: 1,
    setTransactions: [{ appId: 'app', version: 9_007_199_254_740 }],
    domainMetadata: [{ domain: 'd', configuration: '{}', removed: false }],
    metadata: METADATA,
    protocol: PROTOCOL,
    fileSizeHistogram: { sortedBinBoundaries: [0, 200], fileCounts: [3, 0], totalBytes: [300, 0] },
    ...change,
  })

let log: TestLog
beforeEach(async () => {
  log = new TestLog()
  await log.commit(0, { type: 'protocol', ...PROTOCOL }, metadata(), addFile('a'))
  await log.commit(1, addFile('b'), { type: 'txn', appId: 'app', version: 9_007_199_254_740 })
  await writeCheckpoint(await openSnapshot(log.location))
  await log.commit(2, addFile('c'), removeFile('a'), {
    type: 'domainMetadata',
    domain: 'd',
    configuration: '{}',
    removed: false,
  })
  await log.commit(3, addFile('d'))
  await log.put(checksumKey(3), checksum())
  log.requests.length = 0
})

const readsCheckpoint = (): boolean => log.requests.includes(`get ${checkpointKey(1)}`)

describe('a version checksum', () => {
  it('of a version that the log does not reach is no part of it', async () => {
    await log.put(checksumKey(9), checksum({ protocol: { minReaderVersion: 99, minWriterVersion: 99 } }))
    const snapshot = await openSnapshot(log.location)
    expect(snapshot).toMatchObject({ version: 3, protocol: PROTOCOL })
    expect(await snapshot.totals()).toEqual({ numFiles: 3, sizeInBytes: 300 })
  })

  it('says all but the files of a table, and how many there are, without the checkpoint being read', async () => {
    const snapshot = await openSnapshot(log.location)
    expect(snapshot).toMatchObject({ version: 3, protocol: PROTOCOL, metadata: METADATA })
    expect(await snapshot.totals()).toEqual({ numFiles: 3, sizeInBytes: 300 })
    expect(await snapshot.transactionVersion('app')).toBe(9_007_199_254_740)
    expect(await snapshot.transactionVersion('other')).toBeUndefined()
    expect([...(await snapshot.domainMetadata()).keys()]).toEqual(['d'])
    expect(readsCheckpoint()).toBe(false)
    expect((await snapshot.files()).numFiles).toBe(3)
    expect(readsCheckpoint()).toBe(true)
  })

  it('of an older version helps too: newer commits are laid upon it', async () => {
    const renamed = metadata({ name: 'renamed' })
    await log.commit(4, renamed, { type: 'txn', appId: 'app', version: 8 }, addFile('e', { size: 7 }))
    log.requests.length = 0
    const snapshot = await openSnapshot(log.location)
    expect(snapshot).toMatchObject({ version: 4, protocol: PROTOCOL, metadata: renamed })
    expect(await snapshot.transactionVersion('app')).toBe(8)
    expect(readsCheckpoint()).toBe(false)
    expect(await snapshot.totals()).toEqual({ numFiles: 4, sizeInBytes: 307 })
  })

  it('without transactions does not mean that there are none', async () => {
    await log.put(checksumKey(3), checksum({ setTransactions: undefined }))
    const snapshot = await openSnapshot(log.location)
    expect(readsCheckpoint()).toBe(false)
    expect(await snapshot.transactionVersion('app')).toBe(9_007_199_254_740)
    expect(readsCheckpoint()).toBe(true)
  })

  it.each([
    ['is cut', checksum().slice(0, 400)],
    ['is empty', ''],
    ['is no object', '[]'],
    ['has no metadata', checksum({ metadata: undefined })],
    ['has no protocol', checksum({ protocol: null })],
    ['has metadata that is none', checksum({ metadata: { id: 5 } })],
    ['counts two protocols', checksum({ numProtocol: 2 })],
    ['counts no files', checksum({ numFiles: -1 })],
    ['contradicts its histogram', checksum({ numFiles: 4 })],
    ['contradicts its list of files', checksum({ allFiles: [] })],
  ])('that %s is not believed', async (_, content) => {
    await log.put(checksumKey(3), content)
    const snapshot = await openSnapshot(log.location)
    expect(snapshot).toMatchObject({ version: 3, protocol: PROTOCOL, metadata: METADATA })
    expect(readsCheckpoint()).toBe(true)
    expect(await snapshot.totals()).toEqual({ numFiles: 3, sizeInBytes: 300 })
    expect(await verifyChecksum(log.location, 3)).toBe(false)
  })

  it('is not asked for where the commits say it all', async () => {
    await log.delete(checkpointKey(1))
    await openSnapshot(log.location)
    expect(log.requests).not.toContain(`get ${checksumKey(3)}`)
  })

  it('is compared with the log when asked', async () => {
    expect((await openSnapshot(log.location, {}, { verify: true })).version).toBe(3)
    expect(await verifyChecksum(log.location, 3)).toBe(true)
    expect(await verifyChecksum(log.location, 2)).toBe(false)
  })

  it.each([
    ['the number of files', { numFiles: 2, fileSizeHistogram: undefined }],
    ['the size of the files', { tableSizeBytes: 299, fileSizeHistogram: undefined }],
    ['the metadata', { metadata: { ...METADATA, name: 'other' } }],
    ['the protocol', { protocol: { ...PROTOCOL, minReaderVersion: 2 } }],
    ['the transaction of app', { setTransactions: [{ appId: 'app', version: 4 }] }],
    ['the domain metadata', { domainMetadata: [] }],
  ])('that differs in %s is CorruptLog when asked, and only then', async (what, change) => {
    await log.put(checksumKey(3), checksum(change))
    await expect(openSnapshot(log.location, {}, { verify: true })).rejects.toMatchObject({ code: 'CorruptLog' })
    await expect(verifyChecksum(log.location, 3)).rejects.toThrow(what)
    expect((await openSnapshot(log.location)).version).toBe(3)
  })

  it('finds a commit that was changed after it was written', async () => {
    await log.put(commitKey(3), (await log.text(commitKey(3))).replace('"add"', '"adc"'))
    expect((await (await openSnapshot(log.location)).files()).numFiles).toBe(2)
    await expect(openSnapshot(log.location, {}, { verify: true })).rejects.toThrow('the number of files')
  })
})
