import type { RecordBatch } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { col, DeltaTable, date, integer, long, string, struct } from '../../src/index.js'
import { openMemory, type Place } from './places.js'

const Event = struct({ id: long().notNull(), kind: string(), n: integer(), day: date() })

describe('scan and rows', () => {
  let place: Place
  let table: DeltaTable<typeof Event.Row>

  beforeAll(async () => {
    place = await openMemory()
    table = await DeltaTable.create(place.url(), { schema: Event, partitionBy: ['kind'] })
    for (let file = 0; file < 3; file++) {
      await table.append(
        Array.from({ length: 10 }, (_, i) => ({
          id: BigInt(file * 10 + i),
          kind: i % 2 === 0 ? 'even' : null,
          n: i,
          day: `2026-01-0${file + 1}`,
        })),
      )
    }
  })
  afterAll(() => place.close())

  const ids = async (options: Parameters<typeof table.rows>[0]): Promise<number[]> =>
    (await table.rows(options)).map(({ id }) => Number(id)).sort((a, b) => a - b)

  it('delivers the columns asked for, in that order, by the names of the table', async () => {
    const batches: RecordBatch[] = []
    for await (const batch of table.scan({ columns: ['N', 'id'] })) batches.push(batch)
    expect(batches[0]?.schema.fields.map(({ name }) => name)).toEqual(['n', 'id'])
    expect(batches.reduce((rows, { numRows }) => rows + numRows, 0)).toBe(30)
    expect(Object.keys((await table.rows({ columns: ['n'], limit: 1 }))[0] ?? {})).toEqual(['n'])
  })

  it.each([
    ['built, without the SQL engine', col('id').lt(3n).and(col('kind').eq('even')), [0, 2]],
    ['SQL', "id < 3 AND kind = 'even'", [0, 2]],
    ['SQL with BETWEEN and IN', "id BETWEEN 8 AND 12 AND kind IN ('even', 'odd')", [8, 10, 12]],
    ['SQL with a date', "day >= DATE '2026-01-03' AND n < 2", [20, 21]],
    ['SQL that only the engine knows', 'n * n = 81 OR hash(id) IS NULL', [9, 19, 29]],
    ['null', col('kind').isNull().and(col('n').eq(1)), [1, 11, 21]],
    ['nothing', 'false', []],
  ])('filters by a condition: %s', async (_, where, expected) => {
    expect(await ids({ where })).toEqual(expected)
  })

  it('stops at the limit', async () => {
    expect(await table.rows({ limit: 12 })).toHaveLength(12)
    expect(await table.rows({ limit: 0 })).toEqual([])
    await expect(table.rows({ limit: -1 })).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('gives an empty batch with the columns where nothing matches', async () => {
    const batches: RecordBatch[] = []
    for await (const batch of table.scan({ where: col('n').eq(77), columns: ['day'] })) batches.push(batch)
    expect(batches.map(({ numRows, schema }) => [numRows, schema.fields[0]?.name])).toEqual([[0, 'day']])
  })

  it('gives longs as numbers when asked to, and only where nothing is lost', async () => {
    expect(await table.rows({ columns: ['id'], limit: 1, longs: 'number' })).toEqual([{ id: 0 }])
    const big = await DeltaTable.create(place.url(), { schema: struct({ id: long() }) })
    await big.append([{ id: 2n ** 53n }])
    await expect(big.rows({ longs: 'number' })).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('9007199254740992'),
    })
  })

  it('says what it would read, and which files it would not open', async () => {
    const where = col('day').eq('2026-01-02').and(col('kind').eq('even'))
    expect(await table.explain({ where, columns: ['id'] })).toMatchObject({
      version: 3,
      path: 'arrow',
      columns: expect.arrayContaining(['id', 'day', 'kind']),
      files: { total: 6, kept: 1, prunedByPartition: 3, prunedByStatistics: 2 },
    })
    expect((await table.explain({ where: 'hash(id) > 0' })).path).toBe('sql')
  })

  it('lists files with their partitions, row counts and sizes', async () => {
    const files = await table.files({ where: "kind IS NULL AND day = DATE '2026-01-01'" })
    expect(files.counts).toEqual({ total: 6, kept: 1, prunedByPartition: 3, prunedByStatistics: 2 })
    const listed = []
    for await (const file of files) listed.push(file)
    expect(listed).toEqual([
      expect.objectContaining({ partitionValues: { kind: null }, numRecords: 5, numDeletedRows: 0 }),
    ])
  })

  it.each([
    ['a column that is not there', { columns: ['idd'] }, 'UnknownColumn'],
    ['a condition on a column that is not there', { where: 'kindd = 1' }, 'UnknownColumn'],
    ['a built condition on a column that is not there', { where: col('kindd').eq(1) }, 'UnknownColumn'],
    ['SQL that does not parse', { where: 'id = = 1' }, 'InvalidPredicate'],
    ['SQL that is no condition', { where: 'id + 1' }, 'InvalidPredicate'],
    ['SQL that tries to be more', { where: 'true); DROP TABLE t; --' }, 'InvalidPredicate'],
    ['what is no condition', { where: { kind: 'a' } as never }, 'InvalidPredicate'],
  ])('refuses %s', async (_, options, code) => {
    await expect(table.rows(options as object)).rejects.toMatchObject({ code })
  })

  it('opens a table with the types a program expects, or says what differs', async () => {
    const typed = await DeltaTable.open(table.url, { schema: Event })
    const row: { id: bigint; kind: string | null } | undefined = (await typed.rows({ limit: 1 }))[0]
    expect(row?.id).toBeTypeOf('bigint')
    await expect(DeltaTable.open(table.url, { schema: struct({ id: string() }) })).rejects.toMatchObject({
      code: 'SchemaMismatch',
      message: expect.stringMatching(/column id should be STRING; the table has BIGINT NOT NULL/),
    })
    await expect(DeltaTable.open(table.url, { schema: struct({ n: integer().notNull() }) })).rejects.toMatchObject({
      code: 'SchemaMismatch',
    })
  })
})
