import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { col, DeltaTable, date, files, integer, long, string, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Sale = struct({ day: date(), shop: string(), amount: integer() })

describe('overwrite', () => {
  let place: Place & { readonly folder: string }
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  async function sales(): Promise<DeltaTable<typeof Sale.Row>> {
    const table = await DeltaTable.create(place.url(), { schema: Sale, partitionBy: ['day'] })
    await table.append([
      { day: '2026-01-01', shop: 'a', amount: 1 },
      { day: '2026-01-02', shop: 'b', amount: 2 },
      { day: null, shop: 'c', amount: 3 },
    ])
    return table
  }
  const shops = async (table: DeltaTable<typeof Sale.Row>): Promise<(string | null)[]> =>
    (await table.rows()).map(({ shop }) => shop).sort()

  it('replaces every row, and leaves the older version as it was', async () => {
    const table = await sales()
    const result = await table.overwrite([{ day: '2026-01-03', shop: 'z', amount: 9 }])
    expect(result).toMatchObject({ version: 2, metrics: { numFiles: 1, numOutputRows: 1, numRemovedFiles: 3 } })
    expect(await shops(table)).toEqual(['z'])
    expect(await shops(await table.at({ version: 1 }))).toEqual(['a', 'b', 'c'])
  })

  it('replaces what others appended since the handle was opened, too', async () => {
    const table = await sales()
    await (await DeltaTable.open(table.url, { schema: Sale })).append([{ day: '2026-01-01', shop: 'late', amount: 1 }])
    await table.overwrite([])
    expect(await shops(table)).toEqual([])
    expect(table.version).toBe(3)
  })

  it.each([
    ['built', col('day').eq('2026-01-01')],
    ['SQL', "day = DATE '2026-01-01'"],
    ['with null among the matches', col('day').isNull().or(col('day').le('2026-01-01'))],
  ])('replaces the partitions that a condition names (%s)', async (what, replaceWhere) => {
    const table = await sales()
    await table.overwrite([{ day: '2026-01-01', shop: 'new', amount: 9 }], { replaceWhere })
    expect(await shops(table)).toEqual(what.includes('null') ? ['b', 'new'] : ['b', 'c', 'new'])
    expect((await table.history({ limit: 1 }))[0]?.operationParameters).toMatchObject({
      mode: 'Overwrite',
      predicate: expect.stringContaining('"day"'),
    })
  })

  it('refuses rows outside the condition, and leaves no file behind', async () => {
    const table = await sales()
    const rows = [
      { day: '2026-01-01', shop: 'in', amount: 1 },
      { day: '2026-01-02', shop: 'out', amount: 1 },
    ]
    await expect(table.overwrite(rows, { replaceWhere: col('day').eq('2026-01-01') })).rejects.toMatchObject({
      code: 'ConstraintViolated',
      message: expect.stringContaining('2026-01-02'),
    })
    expect((await table.refresh()).version).toBe(1)
    expect(await shops(table)).toEqual(['a', 'b', 'c'])
  })

  describe.each([true, false])('by a condition on other columns, deletion vectors: %s', (vectors) => {
    const replaceWhere = 'amount >= 2 OR day IS NULL'
    const open = async (properties: { readonly [key: string]: string } = {}): Promise<DeltaTable<typeof Sale.Row>> => {
      const table = await sales()
      await table.alter.setProperties({ 'delta.enableDeletionVectors': String(vectors), ...properties })
      return table
    }

    it('replaces the rows that match, in one commit', async () => {
      const table = await open()
      const { version } = await table.refresh()
      const result = await table.overwrite([{ day: '2026-01-01', shop: 'new', amount: 9 }], { replaceWhere })
      expect(result).toMatchObject({
        version: version + 1,
        operation: 'WRITE',
        metrics: { numOutputRows: 1, numDeletedRows: 2 },
      })
      expect(await shops(table)).toEqual(['a', 'new'])
      expect((await table.history({ limit: 1 }))[0]).toMatchObject({
        operation: 'WRITE',
        operationParameters: { mode: 'Overwrite', predicate: expect.stringContaining('"amount"') },
      })
    })

    it('deletes where no new row is given, and loads once with a txn', async () => {
      const table = await open()
      const txn = { appId: 'loader', version: 1 }
      await table.overwrite([], { replaceWhere, txn })
      expect(await shops(table)).toEqual(['a'])
      await table.append([{ day: null, shop: 'z', amount: 7 }])
      expect(await table.overwrite([], { replaceWhere, txn })).toMatchObject({ skipped: true })
      expect(await shops(table)).toEqual(['a', 'z'])
    })

    it('refuses rows that do not match, those that lack the column too', async () => {
      const table = await open()
      const { version } = await table.refresh()
      const inside = { shop: 'in', amount: 2, day: '2026-01-01' }
      const lacking = { shop: 'x', day: '2026-01-01' } as unknown as typeof inside
      for (const rows of [[inside, { ...inside, amount: 1 }], [lacking]]) {
        await expect(table.overwrite(rows, { replaceWhere })).rejects.toMatchObject({
          code: 'ConstraintViolated',
          details: { rows: 1 },
        })
      }
      expect((await table.refresh()).version).toBe(version)
    })

    it('tells readers of changes what went and what came', async () => {
      const table = await open({ 'delta.enableChangeDataFeed': 'true' })
      const { version } = await table.overwrite([{ day: null, shop: 'new', amount: 3 }], { replaceWhere })
      const changes: string[] = []
      for await (const batch of table.changes({ from: version, to: version })) {
        for (const row of batch) changes.push(`${row._change_type} ${row.shop}`)
      }
      expect(changes.sort()).toEqual(['delete b', 'delete c', 'insert new'])
    })

    it('makes room for columns where it is asked to, and only then', async () => {
      const table = await open()
      const rows = [{ day: null, shop: 'new', amount: 3, note: 'hello' }]
      await expect(table.overwrite(rows, { replaceWhere })).rejects.toMatchObject({ code: 'SchemaMismatch' })
      await table.overwrite(rows, { replaceWhere, mergeSchema: true })
      expect(await table.rows({ where: 'note IS NOT NULL' })).toMatchObject([{ shop: 'new', note: 'hello' }])
    })
  })

  it('cannot keep a contract that discards where rows are replaced', async () => {
    const table = await sales()
    const options = { replaceWhere: 'amount > 1', contract: 'discard_row' } as const
    await expect(table.overwrite([], options)).rejects.toMatchObject({ code: 'UnsupportedFeature' })
  })

  it('replaces only the partitions that the rows are in', async () => {
    const table = await sales()
    const rows = [
      { day: '2026-01-02', shop: 'new', amount: 9 },
      { day: null, shop: 'newer', amount: 9 },
    ]
    await table.overwrite(rows, { dynamicPartitions: true })
    expect(await shops(table)).toEqual(['a', 'new', 'newer'])
  })

  it('lets loads of different partitions go on at once, and excludes two of the same', async () => {
    const table = await sales()
    const load = async (day: string, shop: string): Promise<unknown> => {
      const handle = await DeltaTable.open(table.url, { schema: Sale })
      return handle.overwrite([{ day, shop, amount: 1 }], { dynamicPartitions: true })
    }
    await Promise.all([load('2026-01-01', 'x'), load('2026-01-02', 'y'), load('2026-02-01', 'z')])
    expect(await shops(await table.refresh())).toEqual(['c', 'x', 'y', 'z'])
    const same = await Promise.allSettled([load('2026-03-01', 'one'), load('2026-03-01', 'two')])
    await table.refresh()
    const left = (await shops(table)).filter((shop) => shop === 'one' || shop === 'two')
    expect(left).toHaveLength(1)
    for (const outcome of same) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ kind: 'conflict' })
    }
  })

  it('takes another schema when it is told to', async () => {
    const table = await sales()
    const schema = struct({ region: string(), total: long() })
    await table.overwrite([{ region: 'north', total: 5n }] as never, {
      overwriteSchema: true,
      schema,
      partitionBy: ['region'],
    })
    const reopened = await DeltaTable.open(table.url, { schema })
    expect(await reopened.rows()).toEqual([{ region: 'north', total: 5n }])
    expect(reopened.partitionColumns).toEqual(['region'])
    expect(await shops(await table.at({ version: 1 }))).toEqual(['a', 'b', 'c'])
  })

  it('takes the schema of files', async () => {
    const table = await sales()
    const path = join(place.folder, 'other.csv')
    await writeFile(path, 'day,n\n2026-01-01,1\n')
    await table.overwrite(files(path), { overwriteSchema: true })
    expect(await table.rows()).toEqual([{ day: '2026-01-01', n: 1n }])
  })

  it('refuses another schema that it was not told of', async () => {
    const table = await sales()
    await expect(table.overwrite([{ region: 'north' }] as never)).rejects.toMatchObject({ code: 'SchemaMismatch' })
    await expect(table.overwrite([], { overwriteSchema: true })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(table.overwrite([], { schema: Sale })).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('does not upgrade the protocol for a schema in silence', async () => {
    const table = await sales()
    const schema = 'at TIMESTAMP_NTZ'
    await expect(table.overwrite([], { overwriteSchema: true, schema, partitionBy: [] })).rejects.toMatchObject({
      code: 'UnsupportedFeature',
      message: expect.stringContaining('timestampNtz'),
    })
  })

  it('refuses to replace rows of a table that may only grow', async () => {
    const table = await DeltaTable.create(place.url(), { schema: Sale, properties: { 'delta.appendOnly': 'true' } })
    await table.append([{ day: null, shop: 'a', amount: 1 }])
    await expect(table.overwrite([])).rejects.toMatchObject({ code: 'AppendOnlyTable' })
  })
})
