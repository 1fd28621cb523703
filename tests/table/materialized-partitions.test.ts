import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DeltaTable, files, Lake, type Row } from '../../src/index.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import { openLocal, type Place } from './places.js'

let place: Place & { readonly folder: string }
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

const rows: readonly Row[] = [
  { day: '2026-01-01', id: 1, kind: 'a b' },
  { day: null, id: 2, kind: null },
]

it.each(['none', 'name'])(
  'data files hold the partition columns where the table asks for it (mapping %s)',
  async (mode) => {
    const table: DeltaTable = await DeltaTable.create(place.url(), {
      schema: 'day DATE, id INT, kind STRING',
      partitionBy: ['kind', 'day'],
      properties: { 'delta.columnMapping.mode': mode },
    })
    await table.append(rows)
    await table.alter.setProperties({ 'delta.enableMaterializePartitionColumnsFeature': 'true' })
    expect(table.protocol.writerFeatures).toContain('materializePartitionColumns')
    await table.append(rows)
    const csv = join(place.folder, 'more.csv')
    await writeFile(csv, 'id,kind,day\n3,c,2026-02-01\n')
    await table.append(files(csv))
    expect((await columnCounts(table)).sort()).toEqual([1, 1, 3, 3, 3])
    const expected = [...rows, ...rows, { day: '2026-02-01', id: 3, kind: 'c' }]
    const byId = (a: Row, b: Row): number => Number(a.id) - Number(b.id)
    expect((await table.rows()).sort(byId)).toEqual([...expected].sort(byId))
    await using lake = new Lake()
    const sql = 'SELECT day, id, kind FROM t ORDER BY id'
    expect(await (await lake.query(sql, { tables: { t: table } })).rows()).toEqual([...expected].sort(byId))
    await table.optimize()
    expect((await table.rows()).sort(byId)).toEqual([...expected].sort(byId))
    expect(Object.keys(await nullCounts(table))).toHaveLength(1)
    await table.alter.dropFeature('materializePartitionColumns')
    await table.append(rows)
    expect(await table.rows()).toHaveLength(7)
  },
)

it.each([
  ['the protocol lists the feature', { 'delta.feature.materializePartitionColumns': 'supported' }],
  [
    'the protocol lists it and a property says no',
    {
      'delta.feature.materializePartitionColumns': 'supported',
      'delta.writePartitionColumnsToParquet': 'false',
    },
  ],
  ['a property wishes it', { 'delta.writePartitionColumnsToParquet': 'true' }],
])('data files hold the partition columns where %s', async (_, properties) => {
  const table: DeltaTable = await DeltaTable.create(place.url(), {
    schema: 'day DATE, id INT, kind STRING',
    partitionBy: ['kind', 'day'],
    properties: { ...properties, 'delta.enableDeletionVectors': 'false' },
  })
  await table.append(rows)
  await table.update({ set: { kind: 'c' }, where: 'id = 1' })
  expect(await columnCounts(table)).toEqual([3, 3, 3])
  expect(await table.rows({ where: 'id = 1' })).toEqual([{ day: '2026-01-01', id: 1, kind: 'c' }])
})

it('an append whose files lack the partition columns does not follow a writer who asks for them', async () => {
  const url = place.url()
  const options = { schema: 'id INT, kind STRING', partitionBy: ['kind'] }
  const table: DeltaTable = await DeltaTable.create(url, options)
  const other = await DeltaTable.open(url)
  await other.alter.setProperties({ 'delta.feature.materializePartitionColumns': 'supported' })
  const late = table.append([{ id: 1, kind: 'a' }])
  await expect(late).rejects.toMatchObject({ code: 'ProtocolChanged', message: expect.stringContaining('added') })
})

/** Of each data file in the folder. */
async function columnCounts(table: DeltaTable): Promise<number[]> {
  const folder = new URL(`${table.url}/`)
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.parquet'))
  const opened = names
    .filter((name) => !name.includes('_delta_log'))
    .map(async (name) =>
      openParquet(bytesSource(name, await readFile(join(decodeURIComponent(folder.pathname), name)))),
    )
  return (await Promise.all(opened)).map((file) => file.schema.fields.length)
}

/** In the statistics of a file of the newest version. */
async function nullCounts(table: DeltaTable): Promise<object> {
  const log = new URL(`${table.url}/_delta_log/${String(table.version).padStart(20, '0')}.json`)
  const actions = (await readFile(log, 'utf8')).trim().split('\n')
  const { add } = JSON.parse(actions.find((line) => line.startsWith('{"add"')) ?? '')
  return JSON.parse(add.stats).nullCount
}
