import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeltaError } from '../../../src/errors/delta-error.js'
import type { Action, AddFile } from '../../../src/protocol/actions/action.js'
import { parseCommit } from '../../../src/protocol/actions/parse-commit.js'
import { serializeCommit } from '../../../src/protocol/actions/serialize-commit.js'

const PATH = '_delta_log/00000000000000000007.json'

function parse(...lines: readonly unknown[]): Action[] {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  return parseCommit(new TextEncoder().encode(text), PATH)
}

const add = {
  path: 'p=1/part-0.parquet',
  partitionValues: { p: '1' },
  size: 10,
  modificationTime: 1,
  dataChange: true,
}

describe('parseCommit', () => {
  it('reads every kind of action, in order', () => {
    const actions = parse(
      { commitInfo: { timestamp: 5, operation: 'WRITE', txnId: 'x', custom: { deep: [1] } } },
      { protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [], writerFeatures: ['appendOnly'] } },
      {
        metaData: {
          id: 'i',
          format: { provider: 'parquet', options: {} },
          schemaString: '{}',
          partitionColumns: ['p'],
          configuration: {},
        },
      },
      { add },
      { remove: { path: 'old.parquet', dataChange: true, deletionTimestamp: 3 } },
      { cdc: { path: '_change_data/c.parquet', partitionValues: {}, size: 1, dataChange: false } },
      { txn: { appId: 'a', version: 4 } },
      { domainMetadata: { domain: 'd', configuration: '{}', removed: false } },
      { checkpointMetadata: { version: 7 } },
      { sidecar: { path: 's.parquet', sizeInBytes: 1, modificationTime: 2 } },
    )
    expect(actions.map(({ type }) => type)).toEqual([
      'commitInfo',
      'protocol',
      'metaData',
      'add',
      'remove',
      'cdc',
      'txn',
      'domainMetadata',
      'checkpointMetadata',
      'sidecar',
    ])
    expect(actions[3]).toEqual({ type: 'add', ...add })
    expect(actions[0]).toMatchObject({ custom: { deep: [1] } })
  })

  it('ignores unknown actions and keeps unknown fields', () => {
    const actions = parse({ futureAction: { z: 1 } }, { add: { ...add, futureField: { a: [null] } }, other: [1] })
    expect(actions).toEqual([{ type: 'add', ...add, futureField: { a: [null] } }])
  })

  it('reads null fields as absent', () => {
    const [file, protocol] = parse(
      { add: { ...add, stats: null, tags: null, deletionVector: null, baseRowId: null, clusteringProvider: null } },
      { protocol: { minReaderVersion: 1, minWriterVersion: 2, readerFeatures: null, writerFeatures: null } },
    )
    expect(file).toEqual({ type: 'add', ...add })
    expect(protocol).toEqual({ type: 'protocol', minReaderVersion: 1, minWriterVersion: 2 })
  })

  it('keeps integers beyond 2^53 in unknown fields', () => {
    const [file] = parse(
      `{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"big":9007199254740993}}`,
    )
    expect(file).toMatchObject({ big: 9007199254740993n })
    expect(new TextDecoder().decode(serializeCommit([file as Action]))).toContain('"big":9007199254740993}')
  })

  it('keeps versions of transactions beyond 2^53, and rounds times that are', () => {
    const [txn] = parse('{"txn":{"appId":"a","version":1763942400000000001,"lastUpdated":1763942400000000001}}')
    expect(txn).toEqual({ type: 'txn', appId: 'a', version: 1763942400000000001n, lastUpdated: 1763942400000000000 })
  })

  it('turns numbers in a map of strings into text, as Spark does', () => {
    const [file] = parse({ add: { ...add, partitionValues: { p: 1, q: true, r: null } } })
    expect(file).toMatchObject({ partitionValues: { p: '1', q: 'true', r: null } })
  })

  it('fills in the fields of a metaData action that Spark leaves out when they are empty', () => {
    expect(parse({ metaData: { id: 'i' } })).toEqual([
      {
        type: 'metaData',
        id: 'i',
        format: { provider: 'parquet', options: {} },
        schemaString: '{"type":"struct","fields":[]}',
        partitionColumns: [],
        configuration: {},
      },
    ])
  })

  it('treats a deletion vector without a storage type as none', () => {
    const [file] = parse({
      add: { ...add, deletionVector: { storageType: '', pathOrInlineDv: '', sizeInBytes: 0, cardinality: 0 } },
    })
    expect(file).toEqual({ type: 'add', ...add })
  })

  it('does not let a commitInfo of any shape make the table unreadable', () => {
    expect(
      parse({ commitInfo: { timestamp: 'yesterday', operation: 5, operationParameters: [1], mine: 'kept' } }),
    ).toEqual([{ type: 'commitInfo', mine: 'kept' }])
  })

  it('accepts an empty file, blank lines and Windows line ends', () => {
    expect(parse('')).toEqual([])
    expect(
      parse(`${JSON.stringify({ add })}\r`, '', '  ', JSON.stringify({ txn: { appId: 'a', version: 1 } })),
    ).toHaveLength(2)
  })

  it('keeps a partition column that is called __proto__', () => {
    const [file] = parse(
      '{"add":{"path":"a","partitionValues":{"__proto__":"x"},"size":1,"modificationTime":1,"dataChange":true}}',
    )
    expect(Object.entries((file as AddFile).partitionValues)).toEqual([['__proto__', 'x']])
  })

  it.each([
    ['a line cut in half', '{"add":{"path":"a","partitionV', /line 2/],
    ['a line that is not JSON', 'hello', /line 2/],
    ['a line that is a number', '5', /line 2: the line is not a JSON object/],
    ['an action that is a list', '{"add":[]}', /action 'add' is not a JSON object/],
    ['a missing path', { add: { ...add, path: undefined } }, /line 2: action 'add': field 'path' is missing/],
    ['a size that is text', { add: { ...add, size: '10' } }, /field 'size' is not a number/],
    ['a missing size', { add: { ...add, size: null } }, /field 'size' is missing/],
    ['two actions', { add, remove: { path: 'a', dataChange: true } }, /two actions, add and remove/],
    ['a partition value that is an object', { add: { ...add, partitionValues: { p: {} } } }, /partitionValues\.p/],
    [
      'features that are text',
      { protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: 'x' } },
      /readerFeatures/,
    ],
    ['a bad deletion vector', { add: { ...add, deletionVector: { storageType: 'z' } } }, /storageType/],
    ['a domain without a configuration', { domainMetadata: { domain: 'd', removed: false } }, /configuration/],
  ])('names the file and the line of %s', (_, line, message) => {
    const failure = catchError(() => parse({ txn: { appId: 'a', version: 1 } }, line))
    expect(isDeltaError(failure, 'CorruptLog')).toBe(true)
    expect((failure as Error).message).toMatch(message)
    expect((failure as Error).message).toContain(PATH)
  })

  it('does without what no rows depend on', () => {
    const [file] = parse({ add: { path: 'a', size: 10, partitionValues: null } })
    expect(file).toMatchObject({ path: 'a', size: 10, partitionValues: {}, modificationTime: 0, dataChange: true })
  })

  it('reports bytes that are not UTF-8', () => {
    const failure = catchError(() => parseCommit(Uint8Array.of(0x7b, 0xff, 0xfe), PATH))
    expect(isDeltaError(failure, 'CorruptLog')).toBe(true)
  })

  it('reads back what it writes, whatever stands in paths, values and statistics', () => {
    const text = fc.string({ unit: 'grapheme' })
    const file = fc.record({
      type: fc.constant('add' as const),
      path: text,
      partitionValues: fc.dictionary(text, fc.option(text)),
      size: fc.nat(),
      modificationTime: fc.nat(),
      dataChange: fc.boolean(),
      stats: text,
      tags: fc.dictionary(text, text),
    })
    fc.assert(
      fc.property(fc.array(file), (actions) => {
        expect(parseCommit(serializeCommit(actions), PATH)).toEqual(actions)
      }),
    )
  })

  it('fails with CorruptLog or reads, whatever the bytes', () => {
    const whole = serializeCommit([
      { type: 'add', ...add },
      { type: 'txn', appId: 'a', version: 1 },
    ])
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(whole.length), (at, byte, end) => {
        const bytes = whole.slice(0, end)
        bytes[at] = byte
        const failure = catchError(() => parseCommit(bytes, PATH))
        expect(failure === undefined || isDeltaError(failure, 'CorruptLog')).toBe(true)
      }),
    )
  })
})

function catchError(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
