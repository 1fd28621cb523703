import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, integer, Lake, string, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Odd = struct({ 'a name, with (signs)': integer(), kind: string(), nested: struct({ 'x y': integer() }) })

describe.each(['name', 'id'])('a table with column mapping by %s', (mode) => {
  let place: Place
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  const rows = [
    { 'a name, with (signs)': 1, kind: 'a', nested: { 'x y': 10 } },
    { 'a name, with (signs)': null, kind: null, nested: null },
  ]

  it('takes names that Parquet readers of old do not, and writes others into files', async () => {
    const properties = { 'delta.columnMapping.mode': mode }
    const table = await DeltaTable.create(place.url(), { schema: Odd, partitionBy: ['kind'], properties })
    await table.append(rows)
    await table.append(rows)
    await table.optimize()
    const reopened = await DeltaTable.open(table.url, { schema: Odd })
    expect((await reopened.rows()).sort((a, b) => Number(b.kind) - Number(a.kind))).toHaveLength(4)
    expect(await reopened.rows({ where: "kind = 'a'", limit: 1 })).toEqual(rows.slice(0, 1))
    await using lake = new Lake()
    const result = await lake.query(
      'SELECT "a name, with (signs)" AS n, nested."x y" AS m FROM t WHERE n = 1 LIMIT 1',
      {
        tables: { t: reopened },
      },
    )
    expect(await result.rows()).toEqual([{ n: 1, m: 10 }])
    expect(reopened.metadata.configuration['delta.columnMapping.maxColumnId']).toBe('4')
  })

  it('takes another schema, and gives its columns new ids', async () => {
    const properties = { 'delta.columnMapping.mode': mode }
    const table = await DeltaTable.create(place.url(), { schema: Odd, properties })
    await table.append(rows)
    await table.overwrite([{ n: 5 }] as never, { overwriteSchema: true, schema: struct({ n: integer() }) })
    const reopened = await DeltaTable.open(table.url)
    expect(await reopened.rows()).toEqual([{ n: 5 }])
    expect(reopened.schema.fields[0]?.metadata['delta.columnMapping.id']).toBe(5)
    await reopened.restore({ version: 1 })
    expect(await reopened.rows()).toEqual(rows)
    // Ids that were given once are never given again.
    expect(reopened.metadata.configuration['delta.columnMapping.maxColumnId']).toBe('5')
  })
})
