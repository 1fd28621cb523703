import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tableFromArrays } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  col,
  DeltaTable,
  date,
  decimal,
  files,
  integer,
  long,
  sql,
  string,
  struct,
  timestamp,
  timestampNtz,
} from '../../src/index.js'
import { openLocal, PLACES } from './places.js'

const Item = struct({ id: long(), name: string(), amount: integer() })
type ItemRow = typeof Item.Row

let place: Awaited<ReturnType<typeof openLocal>>
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

async function items(
  properties: Record<string, string> = { 'delta.enableDeletionVectors': 'true' },
): Promise<DeltaTable<ItemRow>> {
  const table = await DeltaTable.create(place.url(), { schema: Item, properties })
  await table.append([
    { id: 1n, name: 'one', amount: 10 },
    { id: 2n, name: 'two', amount: 20 },
    { id: null, name: 'none', amount: 0 },
  ])
  return table
}

async function names(table: DeltaTable<ItemRow>): Promise<string[]> {
  return (await table.rows()).map(({ id, name, amount }) => `${id} ${name} ${amount}`).sort()
}

describe('merge', () => {
  it('tries clauses in order: the first that applies counts', async () => {
    const table = await items()
    const source = [
      { id: 1n, name: 'uno', amount: 11, op: 'D' },
      { id: 2n, name: 'due', amount: 21, op: 'U' },
      { id: 3n, name: 'tre', amount: 31, op: 'I' },
      { id: 4n, name: 'quattro', amount: 41, op: 'D' },
      { id: null, name: 'nulla', amount: 51, op: 'I' },
    ]
    const result = await table
      .merge(source, 'target.id = source.id')
      .whenMatchedDelete({ condition: col('source.op').eq('D') })
      .whenMatchedUpdate({ set: { name: sql('source.name'), amount: sql('target.amount + source.amount') } })
      .whenNotMatchedInsert({ condition: "op <> 'D'", values: { id: sql('id'), name: sql('upper(name)') } })
      .execute()
    expect(await names(table)).toEqual(['2 due 41', '3 TRE null', 'null NULLA null', 'null none 0'])
    expect(result).toMatchObject({
      operation: 'MERGE',
      metrics: {
        numSourceRows: 5,
        numTargetRowsMatchedDeleted: 1,
        numTargetRowsMatchedUpdated: 1,
        numTargetRowsInserted: 2,
        numTargetDeletionVectorsAdded: 1,
      },
    })
    expect((await table.history({ limit: 1 }))[0]?.operationParameters).toMatchObject({
      predicate: '["target.id = source.id"]',
      matchedPredicates: expect.stringContaining('"actionType":"delete"'),
    })
  })

  it('takes rows, Arrow data, files, tables and queries', async () => {
    const arrow = tableFromArrays({ id: new BigInt64Array([1n]), amount: new Int32Array([5]) })
    const file = join(place.folder, 'source.csv')
    await writeFile(file, 'ID,Amount\n2,6\n')
    const other = await DeltaTable.create(place.url(), { schema: struct({ id: long(), amount: integer() }) })
    await other.append([{ id: 1n, amount: 7 }])
    const before = await other.at({ version: 1 })
    await other.append([{ id: 2n, amount: 8 }])
    const table = await items()
    const merge = (source: Parameters<typeof table.merge>[0], options = {}) =>
      table
        .merge(source, ['id'], options)
        .whenMatchedUpdate({ set: { amount: sql('source.amount') } })
        .execute()
    await merge([{ id: 1n, amount: 4 }])
    expect(await names(table)).toContain('1 one 4')
    await merge(arrow)
    expect(await names(table)).toContain('1 one 5')
    await merge(files(file))
    expect(await names(table)).toContain('2 two 6')
    await merge(before as never)
    expect(await names(table)).toEqual(['1 one 7', '2 two 6', 'null none 0'])
    await merge(sql('SELECT id, amount * 100 AS amount FROM o'), { tables: { o: other as never } })
    expect(await names(table)).toEqual(['1 one 700', '2 two 800', 'null none 0'])
  })

  it('may have its own table as the source', async () => {
    const table = await items()
    await table
      .merge(table as never, ['id'])
      .whenMatchedUpdate({ set: { amount: sql('source.amount * 2') } })
      .execute()
    expect(await names(table)).toEqual(['1 one 20', '2 two 40', 'null none 0'])
  })

  it('does not take a condition for options, and then change all rows', async () => {
    const merge = (await items()).merge([{ id: 1n }], ['id'])
    for (const condition of ["target.name = 'one'", col('target.name').eq('one')] as never[]) {
      const refused = expect.objectContaining({ code: 'InvalidArgument' })
      expect(() => merge.whenMatchedDelete(condition)).toThrow(refused)
      expect(() => merge.whenMatchedUpdateAll(condition)).toThrow(refused)
      expect(() => merge.whenNotMatchedInsertAll(condition)).toThrow(refused)
      expect(() => merge.whenNotMatchedBySourceDelete(condition)).toThrow(refused)
    }
  })

  it('with an empty source changes only what matches nothing', async () => {
    const table = await items()
    const nothing = await table.merge([], ['id']).whenMatchedDelete().whenNotMatchedInsertAll().execute()
    expect(nothing).toMatchObject({ skipped: true, version: 1 })
    await table.merge([], ['id']).whenNotMatchedBySourceDelete({ condition: 'amount = 10' }).execute()
    expect(await names(table)).toEqual(['2 two 20', 'null none 0'])
  })

  it('shows the key that several rows of the source have, or takes the latest of them', async () => {
    const table = await items()
    const twice = [
      { id: 1n, name: 'first', at: 1 },
      { id: 1n, name: 'last', at: 3 },
      { id: 1n, name: 'middle', at: 2 },
      { id: null, name: 'kept', at: 1 },
      { id: null, name: 'kept too', at: 1 },
    ]
    const merge = (options = {}) => table.merge(twice, ['id'], options)
    await expect(merge().whenMatchedUpdateAll().execute()).rejects.toMatchObject({
      code: 'ConstraintViolated',
      message: expect.stringContaining('id = 1'),
      details: { key: 'id = 1' },
    })
    const latest = { onDuplicateSource: { latestBy: 'at' } }
    await merge(latest).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    expect(await names(table)).toEqual(['1 last 10', '2 two 20', 'null kept null', 'null kept too null', 'null none 0'])
    // What is deleted twice is deleted.
    const deleted = await merge().whenMatchedDelete().execute()
    expect(deleted.metrics.numTargetRowsMatchedDeleted).toBe(1)
    expect(await names(table)).toEqual(['2 two 20', 'null kept null', 'null kept too null', 'null none 0'])
  })

  it('adds columns that only the source has, at any depth, if asked to', async () => {
    const schema = struct({ id: long(), place: struct({ city: string() }) })
    const table = await DeltaTable.create(place.url(), { schema })
    await table.append([{ id: 1n, place: { city: 'Bern' } }])
    const source = [
      { id: 1n, place: { city: 'Basel', zip: '4000' }, since: new Date(0) },
      { id: 2n, place: { city: 'Genf', zip: null }, since: null },
    ]
    await table
      .merge(source as never, ['id'], { mergeSchema: true })
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute()
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['id', 'place', 'since'])
    expect((await table.rows()).sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { id: 1n, place: { city: 'Basel', zip: '4000' }, since: new Date(0) },
      { id: 2n, place: { city: 'Genf', zip: null }, since: null },
    ])
  })

  it('opens only files that can have the keys of the source', async () => {
    const table = await DeltaTable.create(place.url(), {
      schema: struct({ id: long(), day: date() }),
      partitionBy: ['day'],
    })
    for (let i = 0; i < 4; i++)
      await table.append([
        { id: BigInt(i), day: '2026-01-01' },
        { id: BigInt(i), day: '2026-01-02' },
      ])
    const { plan } = await table
      .merge(
        [{ id: 2n, day: '2026-01-02' }],
        "target.id = source.id AND target.day = source.day AND target.day > DATE '2026-01-01'",
      )
      .whenMatchedDelete()
      .explain()
    expect(plan?.scan).toEqual({ total: 8, kept: 1, prunedByPartition: 4, prunedByStatistics: 3 })
    expect(plan).toMatchObject({ filesRemoved: 1, rowsDeleted: 1, rewriteShare: null })
    expect(table.version).toBe(4)
  })

  it.each<[string, (table: DeltaTable<ItemRow>) => Promise<unknown>, string, RegExp]>([
    ['no clause', (t) => t.merge([{ id: 1n }], ['id']).execute(), 'InvalidArgument', /does nothing/],
    [
      'a clause that never applies',
      (t) =>
        t
          .merge([{ id: 1n }], ['id'])
          .whenMatchedDelete()
          .whenMatchedUpdateAll()
          .execute(),
      'InvalidArgument',
      /never apply/,
    ],
    [
      'an unknown column',
      (t) =>
        t
          .merge([{ id: 1n }], 'target.idd = source.id')
          .whenMatchedDelete()
          .execute(),
      'UnknownColumn',
      /idd/,
    ],
    [
      'an ambiguous column',
      (t) =>
        t
          .merge([{ id: 1n }], 'id = 1')
          .whenMatchedDelete()
          .execute(),
      'AmbiguousColumn',
      /id/,
    ],
    [
      'an ambiguous column that is built',
      (t) =>
        t
          .merge([{ id: 1n }], ['id'])
          .whenMatchedDelete({ condition: col('id').eq(1) })
          .execute(),
      'AmbiguousColumn',
      /target\.id or source\.id/,
    ],
    [
      'a condition that is no condition',
      (t) =>
        t
          .merge([{ id: 1n }], 'target.id + source.id')
          .whenMatchedDelete()
          .execute(),
      'InvalidPredicate',
      /BIGINT/,
    ],
    [
      'a condition drawn by lot',
      (t) =>
        t
          .merge([{ id: 1n }], 'target.id = source.id AND random() < 0.5')
          .whenMatchedDelete()
          .execute(),
      'InvalidPredicate',
      /random\(\)/,
    ],
    [
      'a subquery',
      (t) =>
        t
          .merge([{ id: 1n }], 'target.id IN (SELECT 1)')
          .whenMatchedDelete()
          .execute(),
      'InvalidPredicate',
      /subquery/,
    ],
    [
      'the end of the statement',
      (t) =>
        t
          .merge([{ id: 1n }], 'TRUE) UNION SELECT (1')
          .whenMatchedDelete()
          .execute(),
      'InvalidPredicate',
      /more than a condition/,
    ],
    [
      'a value of another type',
      (t) =>
        t
          .merge([{ id: 1n }], ['id'])
          .whenMatchedUpdate({ set: { amount: sql("DATE '2026-01-01'") } })
          .execute(),
      'SchemaMismatch',
      /amount/,
    ],
    [
      'a column of the table in an insert',
      (t) =>
        t
          .merge([{ id: 9n }], ['id'])
          .whenNotMatchedInsert({ values: { id: sql('target.id') } })
          .execute(),
      'InvalidArgument',
      /target/,
    ],
    [
      'a source of no rows at all',
      (t) =>
        t
          .merge('rows.csv' as never, ['id'])
          .whenMatchedDelete()
          .execute(),
      'InvalidArgument',
      /files\(\.\.\.\)/,
    ],
    [
      'one name for both',
      (t) =>
        t
          .merge([{ id: 1n }], ['id'], { sourceAlias: 'Target' })
          .whenMatchedDelete()
          .execute(),
      'InvalidArgument',
      /alias/,
    ],
    [
      'the latest without keys',
      (t) =>
        t
          .merge([{ id: 1n }], 'target.id > source.id', { onDuplicateSource: { latestBy: 'id' } })
          .whenMatchedDelete()
          .execute(),
      'InvalidArgument',
      /keys/,
    ],
  ])('refuses %s', async (_, merge, code, message) => {
    const table = await items()
    await expect(merge(table)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect((await table.refresh()).version).toBe(1)
  })

  it('only inserts where rows may only be added', async () => {
    const table = await items({ 'delta.appendOnly': 'true' })
    await expect(
      table
        .merge([{ id: 1n }], ['id'])
        .whenMatchedDelete()
        .execute(),
    ).rejects.toMatchObject({ code: 'AppendOnlyTable' })
    const inserted = await table
      .merge([{ id: 1n }, { id: 99n }], ['id'])
      .whenNotMatchedInsertAll()
      .execute()
    expect(inserted.metrics).toMatchObject({ numTargetRowsInserted: 1 })
    await expect(table.delete('id = 1')).rejects.toMatchObject({ code: 'AppendOnlyTable' })
    await expect(table.update({ set: { amount: 1 } })).rejects.toMatchObject({ code: 'AppendOnlyTable' })
  })

  it('is worked out anew where another writer changed the same rows', async () => {
    const table = await items()
    const other = await DeltaTable.open(table.url, { schema: Item })
    await Promise.all([
      table
        .merge([{ id: 1n }], ['id'])
        .whenMatchedUpdate({ set: { amount: sql('target.amount + 1') } })
        .execute(),
      other
        .merge([{ id: 1n }], ['id'])
        .whenMatchedUpdate({ set: { amount: sql('target.amount + 1') } })
        .execute(),
    ])
    expect(await names(await table.refresh())).toEqual(['1 one 12', '2 two 20', 'null none 0'])
  })

  it('of two writers that insert one key, the second updates what the first inserted', async () => {
    const table = await items()
    const other = await DeltaTable.open(table.url, { schema: Item })
    const upsert = (each: DeltaTable<ItemRow>, amount: number) =>
      each
        .merge([{ id: 7n, name: 'seven', amount }], ['id'])
        .whenMatchedUpdate({ set: { amount: sql('target.amount + source.amount') } })
        .whenNotMatchedInsertAll()
        .execute()
    await Promise.all([upsert(table, 1), upsert(other, 2)])
    expect(await names(await table.refresh())).toEqual(['1 one 10', '2 two 20', '7 seven 3', 'null none 0'])
  })

  it.each(PLACES)('reads no more columns than it needs, wherever the table is (%s)', async (_, open) => {
    const here = await open()
    try {
      const table = await DeltaTable.create(here.url(), { schema: Item, storage: here.storage })
      await table.append([
        { id: 1n, name: 'one', amount: 10 },
        { id: 2n, name: 'two', amount: 20 },
      ])
      await table
        .merge([{ id: 2n, amount: 1 }], ['id'])
        .whenMatchedUpdate({ set: { amount: sql('source.amount + length(target.name)') } })
        .execute()
      await table
        .merge([{ id: 1n }], ['id'])
        .whenMatchedDelete({ condition: 'amount > 5' })
        .execute()
      expect(await names(table)).toEqual(['2 two 4'])
    } finally {
      await here.close()
    }
  })

  it('fills an empty table, and matches keys of every kind', async () => {
    const Keyed = struct({
      day: date(),
      at: timestamp(),
      local: timestampNtz(),
      price: decimal(9, 2),
      text: string(),
      n: integer(),
    })
    const rows = ['0001-01-01', '1969-12-31', '2024-02-29', '9999-12-31', '+012345-01-01'].map((day, i) => ({
      day,
      at: new Date(`${day}T23:59:59.999Z`),
      local: `${day}T00:00:00.000001`,
      price: `${i - 2}.50`,
      text: ['ä', '', "q'", '\u{10ffff}', '%'][i] as string,
      n: i,
    }))
    for (const key of ['day', 'at', 'local', 'price', 'text'] as const) {
      const table = await DeltaTable.create(place.url(), {
        schema: Keyed,
        properties: { 'delta.enableRowTracking': 'true', 'delta.enableDeletionVectors': 'true' },
      })
      const upsert = (some: typeof rows) =>
        table
          .merge(some, [key])
          .whenMatchedUpdate({ set: { n: sql('target.n + 10') } })
          .whenNotMatchedInsertAll()
          .execute()
      expect((await upsert(rows.slice(0, 3))).metrics.numTargetRowsInserted).toBe(3)
      expect((await upsert(rows)).metrics).toMatchObject({ numTargetRowsUpdated: 3, numTargetRowsInserted: 2 })
      expect((await table.rows()).map(({ n }) => n).sort()).toEqual([10, 11, 12, 3, 4])
    }
  })

  it('ends when told to, wherever it is, and is there whole or not at all', async () => {
    const source = Array.from({ length: 2000 }, (_, i) => ({ id: BigInt(i), name: `n${i}`, amount: i }))
    const endings: string[] = []
    for (const after of [0, 5, 20, 40, 60, 90]) {
      const table = await items()
      const stop = new AbortController()
      const timer = setTimeout(() => stop.abort(), after)
      const merged = await table
        .merge(source, ['id'], { signal: stop.signal })
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute()
        .then(
          () => 'done',
          (error: { code: string }) => error.code,
        )
      clearTimeout(timer)
      endings.push(merged)
      expect((await table.refresh()).version).toBe(merged === 'done' ? 2 : 1)
      expect((await table.rows()).length).toBe(merged === 'done' ? 2001 : 3)
    }
    expect(endings[0]).toBe('Aborted')
    expect(endings.every((each) => each === 'Aborted' || each === 'done')).toBe(true)
  })

  it('is done once only with a transaction of an application', async () => {
    const table = await items()
    const merge = () =>
      table
        .merge([{ id: 1n }], ['id'], { txn: { appId: 'job', version: 1 } })
        .whenMatchedUpdate({ set: { amount: sql('amount + 1') } })
        .execute()
    expect((await merge()).skipped).toBeUndefined()
    expect((await merge()).skipped).toBe(true)
    expect(await names(table)).toContain('1 one 11')
  })
})
