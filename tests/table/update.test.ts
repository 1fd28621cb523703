import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, date, double, integer, type Row, sql, string, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

let place: Place
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

const VECTORS = { 'delta.enableDeletionVectors': 'true' }

async function rowsOf(table: DeltaTable, by: string): Promise<Row[]> {
  const rows = await table.rows()
  return rows.sort((a, b) => String(a[by]).localeCompare(String(b[by]), 'en', { numeric: true }))
}

describe('conditions of updates and deletes', () => {
  it('may fail for rows that a deletion vector hides, and fail for others', async () => {
    const schema = struct({ id: integer(), number: string() })
    const table = await DeltaTable.create(place.url(), { schema, properties: VECTORS })
    await table.append([...Array(50).keys()].map((id) => ({ id, number: id === 7 ? 'seven' : String(id) })))
    await expect(table.update({ set: { number: '0' }, where: 'CAST(number AS INTEGER) > 40' })).rejects.toThrow(/seven/)
    await expect(table.delete('CAST(number AS INTEGER) > 40')).rejects.toThrow(/seven/)
    expect(table.version).toBe(1)
    await table.delete('id = 7')
    const updated = await table.update({ set: { number: sql("'9' || number") }, where: 'CAST(number AS INTEGER) > 40' })
    expect(updated.metrics).toMatchObject({ numUpdatedRows: 9 })
    const deleted = await table.delete('CAST(number AS INTEGER) < 10')
    expect(deleted.metrics).toMatchObject({ numDeletedRows: 9 })
    expect((await rowsOf(table, 'id')).map(({ number }) => number)).toEqual(
      [...Array(40).keys()].map((i) => (i < 31 ? String(i + 10) : `9${i + 10}`)),
    )
  })

  it('may speak of columns called as those that are added for a while', async () => {
    const names = ['file of the row', 'position of the row', 'c0', 'c_1', 'target']
    const schema = struct(Object.fromEntries(names.map((name) => [name, integer()])))
    const properties = { ...VECTORS, 'delta.columnMapping.mode': 'name' }
    const table = await DeltaTable.create(place.url(), { schema, properties })
    const row = (i: number) => Object.fromEntries(names.map((name, k) => [name, i * 10 + k]))
    await table.append([row(0), row(1), row(2), row(3)])
    await table.update({ set: { 'file of the row': sql('"position of the row" + c0') }, where: '"c0" % 100 = 12' })
    await table.update({ set: { c_1: -1 }, where: 'c_1 = 23 AND "position of the row" = 21 AND c0 = 22' })
    await table.update({ set: { c0: -2 }, where: '"file of the row" + target = 64' })
    expect(await rowsOf(table, 'target')).toEqual([
      row(0),
      { ...row(1), 'file of the row': 23 },
      { ...row(2), c_1: -1 },
      { ...row(3), c0: -2 },
    ])
  })

  it('find NaN, partitions and renamed columns wherever they are asked for', async () => {
    const schema = struct({ id: integer(), x: double(), day: date(), kind: string() })
    const properties = { ...VECTORS, 'delta.columnMapping.mode': 'name' }
    const table = await DeltaTable.create(place.url(), { schema, partitionBy: ['kind'], properties })
    const value = (id: number): number => (id % 3 === 0 ? Number.NaN : id)
    const all = [...Array(30).keys()].map((id) => {
      return { id, x: value(id), day: '2026-01-02', kind: id % 2 === 0 ? 'a b' : '50%' }
    })
    await table.append(all)
    await table.alter.renameColumn('id', 'file of the row')
    await table.update({ set: { day: '2026-02-03' }, where: 'x > 100' })
    await table.update({ set: { x: 0.5 }, where: '"file of the row" % 7 = 3' })
    await table.update({ set: { kind: 'c' }, where: `kind = '50%' AND "file of the row" % 5 = 0` })
    const { metrics } = await table.update({
      set: { x: sql('x + 1') },
      where: `"file of the row" * 2 > 56 AND kind = '50%'`,
    })
    expect(metrics).toMatchObject({ numUpdatedRows: 1 })
    const expected = all.map(({ id, kind }) => ({
      id,
      x: id === 29 ? 30 : id % 7 === 3 ? 0.5 : value(id),
      day: id % 3 === 0 ? '2026-02-03' : '2026-01-02',
      kind: kind === '50%' && id % 5 === 0 ? 'c' : kind,
    }))
    const found = (await rowsOf(table, 'file of the row')).map(({ 'file of the row': id, day, ...row }) => {
      return { id, ...row, day: day instanceof Date ? day.toISOString().slice(0, 10) : day }
    })
    expect(found.sort((a, b) => Number(a.id) - Number(b.id))).toEqual(expected)
  })
})

it('an update of many rows writes them in row groups, with nothing behind their columns', async () => {
  const schema = struct({ id: integer(), text: string() })
  const table = await DeltaTable.create(place.url(), { schema, properties: VECTORS })
  const many = 300_000
  const ids = [...Array(many).keys()]
  await table.append(ids.map((id) => ({ id, text: `text ${id % 1000}` })))
  await table.delete('id % 1000 = 5')
  const { metrics } = await table.update({ set: { text: sql("text || '!'") }, where: 'id % 2 = 0' })
  expect(metrics).toMatchObject({ numUpdatedRows: many / 2 })
  const seen = new Uint8Array(many)
  for await (const { id, text } of table.rowStream()) {
    const number = Number(id)
    seen[number] = (seen[number] ?? 0) + 1
    if (text !== `text ${number % 1000}${number % 2 === 0 ? '!' : ''}`) throw new Error(`row ${number} has ${text}`)
  }
  expect(seen.filter((count, id) => count !== (id % 1000 === 5 ? 0 : 1))).toHaveLength(0)
})
