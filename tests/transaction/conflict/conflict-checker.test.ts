import { describe, expect, it } from 'vitest'
import { isDeltaError } from '../../../src/errors/delta-error.js'
import type { ErrorCode } from '../../../src/errors/error-code.js'
import type { Predicate } from '../../../src/expressions/predicate.js'
import type { Action, AddFile, Metadata, Protocol, RemoveFile } from '../../../src/protocol/actions/action.js'
import { parseSchemaJson } from '../../../src/schema/schema-json.js'
import type { Snapshot } from '../../../src/snapshot/snapshot.js'
import { checkConflicts } from '../../../src/transaction/conflict/conflict-checker.js'
import { pendingCommit } from '../../../src/transaction/pending-commit.js'
import type { IsolationLevel, PreparedCommit, ReadSet } from '../../../src/transaction/transaction.js'
import { winningCommit } from '../../../src/transaction/winning-commit.js'

const FIELDS = [
  { name: 'p', type: 'string', nullable: true, metadata: {} },
  { name: 'x', type: 'long', nullable: false, metadata: {} },
]
const PROTOCOL: Protocol = {
  type: 'protocol',
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['deletionVectors'],
  writerFeatures: ['appendOnly', 'deletionVectors', 'domainMetadata', 'invariants'],
}
const METADATA = metadata({})

function metadata(change: Partial<Metadata>, fields: readonly object[] = FIELDS): Metadata {
  return {
    type: 'metaData',
    id: 'table',
    format: { provider: 'parquet' },
    schemaString: JSON.stringify({ type: 'struct', fields }),
    partitionColumns: ['p'],
    configuration: {},
    ...change,
  }
}

function add(path: string, p: string, change: Partial<AddFile> = {}): AddFile {
  return { type: 'add', path, partitionValues: { p }, size: 1, modificationTime: 1, dataChange: true, ...change }
}

function remove(path: string, p: string, change: Partial<RemoveFile> = {}): RemoveFile {
  return { type: 'remove', path, partitionValues: { p }, dataChange: true, ...change }
}

const info = (operation: string, isBlindAppend: boolean): Action => ({ type: 'commitInfo', operation, isBlindAppend })
const quiet = { dataChange: false }
const pIs = (value: string): Predicate => ({ op: 'eq', column: ['p'], value })

interface Mine {
  readonly actions: readonly Action[]
  readonly read?: ReadSet
  readonly isolation?: IsolationLevel
  readonly appId?: string
}

const MINE = {
  'a blind append': { actions: [add('mine', 'a')] },
  'a delete in p = a': {
    actions: [remove('old-a', 'a'), add('mine', 'a')],
    read: { predicate: pIs('a'), files: ['old-a', 'seen-a'] },
  },
  'a serializable delete in p = a': {
    actions: [remove('old-a', 'a'), add('mine', 'a')],
    read: { predicate: pIs('a'), files: ['old-a', 'seen-a'] },
    isolation: 'Serializable',
  },
  'a delete of everything': { actions: [remove('old-a', 'a')], read: { wholeTable: true, files: ['old-a'] } },
  'a delete where x > 100': {
    actions: [add('mine', 'a')],
    read: { predicate: { op: 'gt', column: ['x'], value: 100 }, files: [] },
  },
  'a compaction of p = a': {
    actions: [remove('old-a', 'a', quiet), add('mine', 'a', quiet)],
    read: { files: ['old-a'] },
  },
  'a change of properties': { actions: [metadata({ configuration: { 'my.key': '1' } })], read: {} },
  'a change of properties after reading everything': {
    actions: [metadata({ configuration: { 'my.key': '1' } })],
    read: { wholeTable: true },
  },
  'an upgrade': { actions: [{ ...PROTOCOL, writerFeatures: ['rowTracking'] }], read: {} },
  'an append of application A': { actions: [add('mine', 'a')], appId: 'A' },
  'a change of domain D': {
    actions: [{ type: 'domainMetadata', domain: 'D', configuration: '{}', removed: false }],
    read: {},
  },
} satisfies { readonly [name: string]: Mine }

const winnerOf = {
  'a blind append to p = a': [info('WRITE', true), add('theirs', 'a')],
  'a blind append to p = b': [info('WRITE', true), add('theirs', 'b')],
  'an append that read, to p = a': [info('MERGE', false), add('theirs', 'a')],
  'an append of an unknown writer to p = a': [add('theirs', 'a')],
  'an append that read, with x from 1 to 9': [
    info('MERGE', false),
    add('theirs', 'a', { stats: '{"numRecords":2,"minValues":{"x":1},"maxValues":{"x":9},"nullCount":{"x":0}}' }),
  ],
  'a delete of old-a': [info('DELETE', false), remove('old-a', 'a')],
  'a delete of seen-a': [info('DELETE', false), remove('seen-a', 'a')],
  'a delete of other-a': [info('DELETE', false), remove('other-a', 'a')],
  'a delete in p = b': [info('DELETE', false), remove('old-b', 'b'), add('theirs', 'b')],
  'a compaction of old-a': [info('OPTIMIZE', false), remove('old-a', 'a', quiet), add('theirs', 'a', quiet)],
  'a compaction of seen-a': [info('OPTIMIZE', false), remove('seen-a', 'a', quiet), add('theirs', 'a', quiet)],
  'a compaction of p = b': [info('OPTIMIZE', false), remove('old-b', 'b', quiet), add('theirs', 'b', quiet)],
  'a change of properties': [
    info('SET TBLPROPERTIES', true),
    metadata({ configuration: { 'delta.appendOnly': 'false' } }),
  ],
  'a new constraint': [info('ADD CONSTRAINT', false), metadata({ configuration: { 'delta.constraints.c': 'x > 0' } })],
  'a new nullable column': [
    info('ADD COLUMNS', true),
    metadata({}, [...FIELDS, { name: 'y', type: 'string', nullable: true, metadata: { comment: 'new' } }]),
  ],
  'a new column that must not be null': [
    info('ADD COLUMNS', true),
    metadata({}, [...FIELDS, { name: 'y', type: 'string', nullable: false, metadata: {} }]),
  ],
  'a new column with a default': [
    info('ADD COLUMNS', true),
    metadata({}, [...FIELDS, { name: 'y', type: 'string', nullable: true, metadata: { CURRENT_DEFAULT: "'z'" } }]),
  ],
  'a wider column': [
    info('CHANGE COLUMN', true),
    metadata({}, [FIELDS[0] as object, { ...FIELDS[1], type: 'double' }]),
  ],
  'a column that may be null now': [
    info('CHANGE COLUMN', true),
    metadata({}, [FIELDS[0] as object, { ...FIELDS[1], nullable: true }]),
  ],
  'a dropped column': [info('DROP COLUMNS', true), metadata({}, [FIELDS[0] as object])],
  'other partition columns': [info('REPLACE TABLE', false), metadata({ partitionColumns: [] })],
  'an upgrade': [
    info('UPGRADE PROTOCOL', true),
    { ...PROTOCOL, writerFeatures: [...(PROTOCOL.writerFeatures ?? []), 'rowTracking'] },
  ],
  'an upgrade that binds data files': [
    info('UPGRADE PROTOCOL', true),
    { ...PROTOCOL, writerFeatures: [...(PROTOCOL.writerFeatures ?? []), 'materializePartitionColumns'] },
  ],
  'a removed feature': [
    info('DROP FEATURE', true),
    { ...PROTOCOL, readerFeatures: [], writerFeatures: ['appendOnly'] },
  ],
  'a commit of application A': [info('WRITE', true), add('theirs', 'b'), { type: 'txn', appId: 'A', version: 1 }],
  'a commit of application B': [info('WRITE', true), add('theirs', 'b'), { type: 'txn', appId: 'B', version: 1 }],
  'a change of domain D': [
    info('CLUSTER BY', true),
    { type: 'domainMetadata', domain: 'D', configuration: '{}', removed: false },
  ],
  'new row ids': [
    info('WRITE', true),
    { type: 'domainMetadata', domain: 'delta.rowTracking', configuration: '{}', removed: false },
  ],
} satisfies { readonly [name: string]: readonly Action[] }

type MineName = keyof typeof MINE
type WinnerName = keyof typeof winnerOf

type Fears = { readonly [winner in WinnerName]?: ErrorCode }

const APPEND_FEARS: Fears = {
  'a new constraint': 'MetadataChanged',
  'a new column that must not be null': 'MetadataChanged',
  'a new column with a default': 'MetadataChanged',
  'a wider column': 'MetadataChanged',
  'a dropped column': 'MetadataChanged',
  'other partition columns': 'MetadataChanged',
  'an upgrade that binds data files': 'ProtocolChanged',
  'a removed feature': 'ProtocolChanged',
}
const METADATA_CHANGE_FEARS: Fears = {
  ...APPEND_FEARS,
  'a change of properties': 'MetadataChanged',
  'a new nullable column': 'MetadataChanged',
  'a column that may be null now': 'MetadataChanged',
}
const READER_FEARS: Fears = { ...METADATA_CHANGE_FEARS, 'an upgrade': 'ProtocolChanged' }

/** The conflict matrix: what each commit must fear; all that is not named lets it pass. */
const MATRIX: { readonly [mine in MineName]: Fears } = {
  'a blind append': APPEND_FEARS,
  'a delete in p = a': {
    ...READER_FEARS,
    'an append that read, to p = a': 'ConcurrentAppend',
    'an append of an unknown writer to p = a': 'ConcurrentAppend',
    'an append that read, with x from 1 to 9': 'ConcurrentAppend',
    'a delete of old-a': 'ConcurrentDeleteRead',
    'a delete of seen-a': 'ConcurrentDeleteRead',
    'a compaction of old-a': 'ConcurrentDeleteDelete',
  },
  'a serializable delete in p = a': {
    ...READER_FEARS,
    'a blind append to p = a': 'ConcurrentAppend',
    'an append that read, to p = a': 'ConcurrentAppend',
    'an append of an unknown writer to p = a': 'ConcurrentAppend',
    'an append that read, with x from 1 to 9': 'ConcurrentAppend',
    'a delete of old-a': 'ConcurrentDeleteRead',
    'a delete of seen-a': 'ConcurrentDeleteRead',
    'a compaction of old-a': 'ConcurrentDeleteDelete',
  },
  'a delete of everything': {
    ...READER_FEARS,
    'an append that read, to p = a': 'ConcurrentAppend',
    'an append of an unknown writer to p = a': 'ConcurrentAppend',
    'an append that read, with x from 1 to 9': 'ConcurrentAppend',
    'a delete of old-a': 'ConcurrentDeleteRead',
    'a delete of seen-a': 'ConcurrentDeleteRead',
    'a delete of other-a': 'ConcurrentDeleteRead',
    'a delete in p = b': 'ConcurrentAppend',
    'a compaction of old-a': 'ConcurrentDeleteDelete',
  },
  'a delete where x > 100': {
    ...READER_FEARS,
    'an append that read, to p = a': 'ConcurrentAppend',
    'an append of an unknown writer to p = a': 'ConcurrentAppend',
    'a delete in p = b': 'ConcurrentAppend',
  },
  'a compaction of p = a': {
    ...READER_FEARS,
    'a delete of old-a': 'ConcurrentDeleteRead',
    'a compaction of old-a': 'ConcurrentDeleteDelete',
  },
  'a change of properties': METADATA_CHANGE_FEARS,
  'a change of properties after reading everything': {
    ...READER_FEARS,
    'a blind append to p = a': 'ConcurrentAppend',
    'a blind append to p = b': 'ConcurrentAppend',
    'an append that read, to p = a': 'ConcurrentAppend',
    'an append of an unknown writer to p = a': 'ConcurrentAppend',
    'an append that read, with x from 1 to 9': 'ConcurrentAppend',
    'a delete of old-a': 'ConcurrentDeleteRead',
    'a delete of seen-a': 'ConcurrentDeleteRead',
    'a delete of other-a': 'ConcurrentDeleteRead',
    'a delete in p = b': 'ConcurrentAppend',
    'a commit of application A': 'ConcurrentAppend',
    'a commit of application B': 'ConcurrentAppend',
  },
  'an upgrade': { ...APPEND_FEARS, 'an upgrade': 'ProtocolChanged', 'a removed feature': 'ProtocolChanged' },
  'an append of application A': { ...APPEND_FEARS, 'a commit of application A': 'ConcurrentTransaction' },
  'a change of domain D': { ...APPEND_FEARS, 'a change of domain D': 'ConcurrentTransaction' },
}

describe('the conflict matrix', () => {
  const cases = Object.keys(MINE).flatMap((mine) =>
    Object.keys(winnerOf).map((winner): [MineName, WinnerName] => [mine as MineName, winner as WinnerName]),
  )

  it.each(cases)('%s after %s', (mine, winner) => {
    expect(conflictOf(MINE[mine], winnerOf[winner])).toBe(MATRIX[mine][winner])
  })

  it('is for the table property to make serializable', () => {
    const serializable = metadata({ configuration: { 'delta.isolationLevel': 'Serializable' } })
    const append = winnerOf['a blind append to p = a']
    expect(conflictOf(MINE['a delete in p = a'], append)).toBeUndefined()
    expect(conflictOf(MINE['a delete in p = a'], append, serializable)).toBe('ConcurrentAppend')
  })

  it('says which version won, what it did, which file is in dispute, and what to do', () => {
    const pending = pendingCommit(snapshot(), prepare(MINE['a delete in p = a']))
    expect(() => checkConflicts(pending, winningCommit(8, winnerOf['a delete of old-a']))).toThrow(
      /^DELETE on memory:\/\/table was read at version 4 and cannot be committed: version 8 \(DELETE\) removed rows that it read, in old-a\. Refresh the table and repeat/,
    )
  })
})

function conflictOf(mine: Mine, winner: readonly Action[], table: Metadata = METADATA): ErrorCode | undefined {
  try {
    checkConflicts(pendingCommit(snapshot(table), prepare(mine)), winningCommit(5, winner))
    return undefined
  } catch (error) {
    if (isDeltaError(error)) return error.code
    throw error
  }
}

function prepare({ actions, read = {}, isolation, appId }: Mine): PreparedCommit {
  return {
    operation: 'DELETE',
    operationParameters: {},
    operationMetrics: {},
    actions,
    read,
    ...(isolation === undefined ? {} : { isolation }),
    ...(appId === undefined ? {} : { txn: { appId, version: 1 } }),
  }
}

/** As much of a snapshot as the conflict check looks at. */
function snapshot(table: Metadata = METADATA): Snapshot {
  return {
    location: { url: 'memory://table' },
    version: 4,
    protocol: PROTOCOL,
    metadata: table,
    schema: parseSchemaJson(table.schemaString),
  } as Snapshot
}
