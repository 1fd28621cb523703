import { describe, expect, it } from 'vitest'
import { col } from '../../src/expressions/column-builder.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import { planScan } from '../../src/scan/plan-scan.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { snapshotOf } from '../support/snapshot-of.js'

const inPartition = (values: { [name: string]: string | null }, stats?: object): Partial<AddFile> => ({
  partitionValues: values,
  ...(stats === undefined ? {} : { stats: JSON.stringify(stats) }),
})
const withStats = (stats: object): Partial<AddFile> => inPartition({}, stats)
const bounds = (name: string, min: unknown, max: unknown, nulls = 0): object => ({
  numRecords: 10,
  minValues: { [name]: min },
  maxValues: { [name]: max },
  nullCount: { [name]: nulls },
})

async function kept(snapshot: Snapshot, where: Predicate): Promise<string[]> {
  return Array.from((await planScan(snapshot, { where })).files(), ({ path }) => path.replace('part-', ''))
}

describe('a plan', () => {
  const snapshot = snapshotOf({
    schema: 'Id BIGINT, kind STRING, s STRUCT<x: INT>, at TIMESTAMP',
    partitionColumns: ['kind'],
    chunks: [[inPartition({ kind: 'a' }), inPartition({ kind: 'b' })], [inPartition({ kind: 'b' })]],
  })

  it('of everything has every file and column', async () => {
    const plan = await planScan(snapshot)
    expect(plan.counts).toEqual({ total: 3, kept: 3, prunedByPartition: 0, prunedByStatistics: 0 })
    expect(Array.from(plan.files(), ({ path }) => path)).toEqual(['part-0-0', 'part-0-1', 'part-1-0'])
    expect(plan.schema).toEqual(snapshot.schema)
    expect(plan.predicate).toBeUndefined()
  })

  it('can be walked twice', async () => {
    const plan = await planScan(snapshot, { where: col('kind').eq('b') })
    expect([...plan.files()]).toEqual([...plan.files()])
    expect([...plan.files()]).toHaveLength(2)
  })

  it('delivers the columns asked for in that order, and reads those that the predicate needs too', async () => {
    const where = col('S.X').gt(1).and(col('kind').eq('a'))
    const plan = await planScan(snapshot, { columns: ['AT', 'id'], where })
    expect(plan.schema.fields.map(({ name }) => name)).toEqual(['at', 'Id'])
    expect(plan.readSchema.fields.map(({ name }) => name)).toEqual(['at', 'Id', 'kind', 's'])
    expect(plan.predicate).toBe(where)
    expect((await planScan(snapshot, { columns: [] })).schema.fields).toEqual([])
  })

  it('reads every column where SQL may need any', async () => {
    const where: Predicate = { op: 'opaque', sql: 'Id % 2 = 0' }
    const plan = await planScan(snapshot, { columns: ['s'], where })
    expect(plan.readSchema.fields.map(({ name }) => name)).toEqual(['s', 'Id', 'kind', 'at'])
    expect(plan.counts.kept).toBe(3)
  })

  it.each([
    [{ columns: ['nope'] }, 'UnknownColumn'],
    [{ columns: ['id', 'ID'] }, 'InvalidArgument'],
    [{ where: col('nope').eq(1) }, 'UnknownColumn'],
    [{ where: col('kind').eq(1) }, 'InvalidPredicate'],
  ])('is refused for %j', async (request, code) => {
    await expect(planScan(snapshot, request)).rejects.toMatchObject({ code })
  })

  it('stops when it is aborted', async () => {
    const request = { where: col('kind').eq('a'), signal: AbortSignal.abort() }
    await expect(planScan(snapshot, request)).rejects.toMatchObject({ code: 'Aborted' })
  })
})

describe('partition values', () => {
  it('of two columns are combined', async () => {
    const snapshot = snapshotOf({
      schema: 'y INT, kind STRING, n INT',
      partitionColumns: ['y', 'kind'],
      chunks: [['1', '2', null].flatMap((y) => ['a', 'b', null].map((kind) => inPartition({ y, kind })))],
    })
    const files = (await planScan(snapshot, { where: col('y').eq(2).or(col('kind').eq('b')) })).files()
    expect(Array.from(files, ({ partitionValues: { y, kind } }) => `${y}${kind}`)).toEqual([
      '1b',
      '2a',
      '2b',
      '2null',
      'nullb',
    ])
  })

  it.each<[type: string, values: (string | null)[], where: Predicate, kept: number[]]>([
    ['INT', ['1', '10', '9', null], col('p').gt(5), [1, 2]],
    ['BIGINT', ['9007199254740993', '9007199254740992'], col('p').eq(9007199254740993n), [0]],
    ['DATE', ['1969-12-31', '1970-01-01', null], col('p').lt('1970-01-01'), [0]],
    ['DATE', ['2026-01-01', null], col('p').isNull(), [1]],
    ['TIMESTAMP', ['2026-01-01 00:00:00', '2026-01-01T00:00:00.000001Z'], col('p').gt('2026-01-01'), [1]],
    ['TIMESTAMP_NTZ', ['2026-01-01 09:30:00.5', '2026-01-01 09:30:00'], col('p').eq('2026-01-01T09:30:00'), [1]],
    ['DECIMAL(5,2)', ['1.50', '-1.5'], col('p').eq('1.5'), [0]],
    ['DOUBLE', ['NaN', '1.0', '-Infinity'], col('p').gt(5), [0]],
    ['FLOAT', ['0.1', '0.25'], col('p').eq(0.25), [1]],
    ['BOOLEAN', ['true', 'false', null], col('p').ne(true), [1]],
    ['STRING', ['a b', 'é%', '', null], col('p').isNull(), [2, 3]],
    ['STRING', ['a b', 'é%', '', null], col('p').startsWith('é'), [1]],
    ['STRING', ['a', 'b', null], col('p').in(['a', null]).not(), []],
    ['BINARY', ['\u0001', 'é'], col('p').eq(Uint8Array.of(1)), [0]],
    ['TINYINT', ['1', '2'], col('p').lt(1.5), [0]],
  ])('of type %s decide: %j', async (type, values, where, expected) => {
    const snapshot = snapshotOf({
      schema: `p ${type}, n INT`,
      partitionColumns: ['p'],
      chunks: [values.map((p) => inPartition({ p }))],
    })
    expect(await kept(snapshot, where)).toEqual(expected.map((i) => `0-${i}`))
    const { counts } = await planScan(snapshot, { where })
    expect(counts).toEqual({
      total: values.length,
      kept: expected.length,
      prunedByPartition: values.length - expected.length,
      prunedByStatistics: 0,
    })
    expect(snapshot.loads).toBe(0)
  })

  it('that are no values of their type are an error', async () => {
    const snapshot = snapshotOf({
      schema: 'p INT, n INT',
      partitionColumns: ['p'],
      chunks: [[inPartition({ p: 'x' })]],
    })
    await expect(planScan(snapshot, { where: col('p').eq(1) })).rejects.toMatchObject({ code: 'CorruptLog' })
  })

  it('are found under physical names', async () => {
    const metadata = { 'delta.columnMapping.physicalName': 'col-1' }
    const fields = [
      { name: 'p', dataType: { type: 'integer' as const }, nullable: true, metadata },
      {
        name: 'n',
        dataType: { type: 'integer' as const },
        nullable: true,
        metadata: { 'delta.columnMapping.physicalName': 'p' },
      },
    ]
    const snapshot = snapshotOf({
      schema: { type: 'struct', fields },
      partitionColumns: ['p'],
      configuration: { 'delta.columnMapping.mode': 'name' },
      chunks: [[inPartition({ 'col-1': '1' }, bounds('p', 5, 6)), inPartition({ 'col-1': '2' }, bounds('p', 1, 2))]],
    })
    expect(await kept(snapshot, col('p').eq(2))).toEqual(['0-1'])
    expect(await kept(snapshot, col('n').gt(4))).toEqual(['0-0'])
  })
})

describe('statistics', () => {
  it('rule files out, and say how many', async () => {
    const snapshot = snapshotOf({
      schema: 'p STRING, n INT',
      partitionColumns: ['p'],
      chunks: [
        [
          inPartition({ p: 'a' }, bounds('n', 1, 5)),
          inPartition({ p: 'a' }, bounds('n', 6, 9)),
          inPartition({ p: 'b' }, bounds('n', 1, 5)),
        ],
        [inPartition({ p: 'b' }, bounds('n', 6, 9))],
      ],
    })
    const plan = await planScan(snapshot, { where: col('n').lt(6).and(col('p').eq('a')) })
    expect(plan.counts).toEqual({ total: 4, kept: 1, prunedByPartition: 2, prunedByStatistics: 1 })
    expect(Array.from(plan.files(), ({ path }) => path)).toEqual(['part-0-0'])
    // Of the chunk where no partition matched, none were read.
    expect(snapshot.loads).toBe(1)
  })

  it('and partition values work together inside OR and NOT', async () => {
    const snapshot = snapshotOf({
      schema: 'p STRING, n INT',
      partitionColumns: ['p'],
      chunks: [
        ['a', 'b', null].flatMap((p) => [inPartition({ p }, bounds('n', 1, 5)), inPartition({ p }, bounds('n', 6, 9))]),
      ],
    })
    expect(await kept(snapshot, col('p').eq('a').or(col('n').gt(5)))).toEqual(['0-0', '0-1', '0-3', '0-5'])
    expect(await kept(snapshot, col('p').eq('a').and(col('n').gt(0)).not())).toEqual(['0-2', '0-3'])
  })

  it('that are missing, or lack the column, keep the file', async () => {
    const snapshot = snapshotOf({
      schema: 'n INT, m INT',
      chunks: [
        [
          {},
          { stats: '' },
          { stats: '{"numRecords":5' },
          { stats: 'null' },
          withStats(bounds('m', 1, 2)),
          withStats(bounds('n', 1, 2)),
        ],
      ],
    })
    expect(await kept(snapshot, col('n').eq(5))).toEqual(['0-0', '0-1', '0-2', '0-3', '0-4'])
    expect(await kept(snapshot, col('n').isNull())).toEqual(['0-0', '0-1', '0-2', '0-3', '0-4'])
  })

  it('of null counts decide about nulls, also with wide bounds', async () => {
    const files = [0, 3, 10, undefined].flatMap((nulls) =>
      [true, false].map((tightBounds) =>
        withStats({ numRecords: 10, tightBounds, ...(nulls === undefined ? {} : { nullCount: { n: nulls } }) }),
      ),
    )
    const snapshot = snapshotOf({ schema: 'n INT', chunks: [files] })
    expect(await kept(snapshot, col('n').isNull())).toEqual(['0-2', '0-3', '0-4', '0-5', '0-6', '0-7'])
    expect(await kept(snapshot, col('n').isNotNull())).toEqual(['0-0', '0-1', '0-2', '0-3', '0-6', '0-7'])
    expect(await kept(snapshot, col('n').ge(-5))).toEqual(['0-0', '0-1', '0-2', '0-3', '0-6', '0-7'])
  })

  it.each<[name: string, type: string, min: unknown, max: unknown, matching: Predicate, other: Predicate]>([
    [
      'texts cut to 32 characters',
      'STRING',
      'a',
      'z'.repeat(32),
      col('c').eq(`${'z'.repeat(32)}z`),
      col('c').eq(`${'z'.repeat(31)}{a`),
    ],
    [
      'texts cut and raised',
      'STRING',
      'a',
      `${'y'.repeat(32)}\u007f`,
      col('c').eq(`${'y'.repeat(32)}xyz`),
      col('c').startsWith('z'),
    ],
    [
      'texts cut in a character',
      'STRING',
      'a',
      `${'z'.repeat(31)}?\u{10ffff}`,
      col('c').eq(`${'z'.repeat(31)}\u{1f600}`),
      col('c').eq('{'),
    ],
    ['short texts', 'STRING', 'a', 'b', col('c').eq('b'), col('c').eq('ba')],
    [
      'timestamps cut to milliseconds',
      'TIMESTAMP',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.123Z',
      col('c').eq('2026-01-01T00:00:00.123999Z'),
      col('c').ge('2026-01-01T00:00:00.124Z'),
    ],
    [
      'timestamps in other zones',
      'TIMESTAMP',
      '2026-01-01T00:00:00.000+02:00',
      '2026-01-01T00:00:00.000+02:00',
      col('c').eq('2025-12-31T22:00:00Z'),
      col('c').gt('2025-12-31T23:00:00Z'),
    ],
    [
      'wall clocks',
      'TIMESTAMP_NTZ',
      '2026-01-01T00:00:00.000',
      '2026-01-01T00:00:00.123',
      col('c').eq('2026-01-01 00:00:00.1239'),
      col('c').lt('2025-12-31 23:59:59.999999'),
    ],
    [
      'dates of a column that is a timestamp now',
      'TIMESTAMP_NTZ',
      '2026-01-01',
      '2026-01-02',
      col('c').eq('2026-01-02'),
      col('c').gt('2026-01-03'),
    ],
    ['dates', 'DATE', '1969-12-31', '1970-01-01', col('c').lt('1970-01-01'), col('c').lt('1969-12-31')],
    ['floats of a column that is a double now', 'DOUBLE', 0.1, 0.1, col('c').eq(Math.fround(0.1)), col('c').lt(0.09)],
    ['floats', 'FLOAT', 0.1, 0.1, col('c').gt(0.1), col('c').lt(0.1)],
    ['floats beside NaN', 'FLOAT', 1, 2, col('c').gt(5), col('c').between(5, 6)],
    [
      'decimals that were doubles on the way',
      'DECIMAL(38,0)',
      0,
      1e30,
      col('c').eq('1000000000000000019884624838656'),
      col('c').gt('1000000000000001000000000000000'),
    ],
    ['decimals', 'DECIMAL(10,2)', 1.5, 2.25, col('c').eq('2.25'), col('c').gt('2.25')],
    ['booleans', 'BOOLEAN', false, false, col('c').eq(false), col('c').eq(true)],
    ['integers', 'BIGINT', 1, 2, col('c').lt(1.5), col('c').gt(2.5)],
  ])('of %s allow for what writers do', async (_, type, min, max, matching, other) => {
    const snapshot = snapshotOf({ schema: `c ${type}`, chunks: [[withStats(bounds('c', min, max))]] })
    expect(await kept(snapshot, matching)).toHaveLength(1)
    expect(await kept(snapshot, other)).toHaveLength(0)
  })

  it('of timestamps in an unknown zone are not used', async () => {
    const stats = bounds('c', '2026-01-01T00:00:00.000', '2026-01-01T00:00:00.000')
    const snapshot = snapshotOf({ schema: 'c TIMESTAMP', chunks: [[withStats(stats)]] })
    expect(await kept(snapshot, col('c').gt('2026-01-01T05:00:00Z'))).toHaveLength(1)
  })

  it('of struct fields are used, and not mixed up with columns of the same name', async () => {
    const file = (inner: number, outer: number): Partial<AddFile> =>
      withStats({
        numRecords: 1,
        minValues: { s: { n: inner, t: { n: -inner } }, n: outer },
        maxValues: { s: { n: inner, t: { n: -inner } }, n: outer },
        nullCount: { s: { n: 0, t: { n: 0 } }, n: 0 },
      })
    const snapshot = snapshotOf({
      schema: 's STRUCT<n: INT, t: STRUCT<n: INT>>, n INT',
      chunks: [[file(1, 7), file(2, 1)]],
    })
    expect(await kept(snapshot, col('s.n').eq(1))).toEqual(['0-0'])
    expect(await kept(snapshot, col('n').eq(1))).toEqual(['0-1'])
    expect(await kept(snapshot, col('s.t.n').lt(-1))).toEqual(['0-1'])
    expect(await kept(snapshot, col('s.t.n').isNull())).toEqual([])
  })

  it('of nested columns as a whole are not trusted', async () => {
    const stats = { numRecords: 1, nullCount: { tags: 0, s: { n: 0 } } }
    const snapshot = snapshotOf({ schema: 's STRUCT<n: INT>, tags ARRAY<INT>', chunks: [[withStats(stats)]] })
    expect(await kept(snapshot, col('tags').isNull().and(col('s').isNull()))).toEqual(['0-0'])
  })
})
