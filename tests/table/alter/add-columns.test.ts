import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { array, DeltaTable, double, integer, long, string, struct, timestampNtz } from '../../../src/index.js'
import { commandLine } from '../../cli/command-line.js'
import { openLocal, type Place } from '../places.js'

const Event = struct({
  id: long().notNull(),
  place: struct({ city: string() }),
  tags: array(struct({ name: string() })),
})
const row = { id: 1n, place: { city: 'Ulm' }, tags: [{ name: 'x' }] }

describe('adding columns', () => {
  let place: Place
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  it.each([{}, { 'delta.columnMapping.mode': 'name' }, { 'delta.columnMapping.mode': 'id' }])(
    'leaves the rows that are there without values, at any depth (%j)',
    async (properties) => {
      const table = await DeltaTable.create(place.url(), { schema: Event, properties })
      await table.append([row])
      const result = await table.alter.addColumns(struct({ score: double(), note: string().comment('why') }))
      expect(result).toEqual({ version: 2, operation: 'ADD COLUMNS', metrics: {} })
      await table.alter.addColumns('zip INT', { into: 'place', position: 'first' })
      await table.alter.addColumns('weight INT', { into: ['tags', 'element'] })
      await table.append([
        { id: 2n, score: 1.5, note: 'n', place: { zip: 7, city: 'B' }, tags: [{ name: 'y', weight: 3 }] },
      ] as never)
      expect(await (await DeltaTable.open(table.url)).rows()).toEqual([
        { id: 1n, place: { zip: null, city: 'Ulm' }, tags: [{ name: 'x', weight: null }], score: null, note: null },
        { id: 2n, place: { zip: 7, city: 'B' }, tags: [{ name: 'y', weight: 3 }], score: 1.5, note: 'n' },
      ])
      expect((await table.history())[3]?.operationParameters).toMatchObject({
        columns: expect.stringContaining('"name":"score","type":"double"'),
      })
    },
  )

  it('puts them where they are told to', async () => {
    const table = await DeltaTable.create(place.url(), { schema: 'a INT, b INT' })
    await table.alter.addColumns('x INT, y INT', { position: { after: 'A' } })
    await table.alter.addColumns('z INT', { position: 'first' })
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['z', 'a', 'x', 'y', 'b'])
  })

  it.each([
    ['a name that is taken', struct({ ID: integer() }), {}, 'InvalidSchema', 'id already'],
    ['a column that may not be null', struct({ n: integer().notNull() }), {}, 'InvalidSchema', 'NOT NULL'],
    ['a name that the table cannot have', struct({ 'a b': integer() }), {}, 'InvalidSchema', 'columnMapping'],
    [
      'a type that its protocol lacks',
      struct({ at: timestampNtz() }),
      {},
      'UnsupportedFeature',
      'delta.feature.timestampNtz',
    ],
    ['a struct that is not there', struct({ n: integer() }), { into: 'plac' }, 'UnknownColumn', 'place'],
    ['an array for a struct', struct({ n: integer() }), { into: 'tags' }, 'UnknownColumn', 'tags.element'],
    ['a neighbour that is not there', struct({ n: integer() }), { position: { after: 'ids' } }, 'UnknownColumn', 'id'],
  ] as const)('refuses %s, and says why', async (_, columns, options, code, text) => {
    const table = await DeltaTable.create(place.url(), { schema: Event })
    const failure = table.alter.addColumns(columns, options)
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
    expect((await table.refresh()).version).toBe(0)
  })

  it('of two that come at once loses none', async () => {
    const table = await DeltaTable.create(place.url(), { schema: 'a INT' })
    const other = await DeltaTable.open(table.url)
    await Promise.all([table.alter.addColumns('b INT'), other.alter.addColumns('c INT'), table.append([{ a: 1 }])])
    expect((await table.refresh()).schema.fields.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c'])
    expect(await table.rows({ columns: ['a'] })).toEqual([{ a: 1 }])
  })

  it('works from the command line', async () => {
    const table = await DeltaTable.create(place.url(), { schema: 'a INT' })
    const added = await commandLine(['alter', table.url, 'add-column', 'b DOUBLE', '--first', '--json'])
    expect(added.json()).toEqual({ version: 1, operation: 'ADD COLUMNS', metrics: {} })
    expect((await commandLine(['alter', table.url, 'add-colum', 'c INT'])).code).toBe(2)
    expect((await commandLine(['alter', table.url, 'add-column', '--help'])).stdout).toContain('--after <column>')
    expect((await commandLine(['alter', '--help'])).stdout).toContain('add-column')
    expect((await table.refresh()).schema.fields.map(({ name }) => name)).toEqual(['b', 'a'])
  })
})
