import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  array,
  byte,
  DeltaTable,
  decimal,
  float,
  integer,
  Lake,
  map,
  type Row,
  type StructType,
  string,
  struct,
  typeText,
} from '../../../src/index.js'
import { openLocal, type Place } from '../places.js'

let place: Place
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

const Event = struct({
  id: integer(),
  kind: string(),
  place: struct({ city: string(), zip: integer() }),
  tags: array(struct({ name: string(), weight: byte() })),
})
const row: Row = { id: 1, kind: 'a', place: { city: 'Ulm', zip: 7 }, tags: [{ name: 'x', weight: 1 }] }

function newTable(properties: Record<string, string> = {}, partitionBy: string[] = []): Promise<DeltaTable> {
  return DeltaTable.create(place.url(), { schema: Event as StructType, properties, partitionBy })
}

async function bothWays(table: DeltaTable): Promise<Row[]> {
  const fresh = await DeltaTable.open(table.url)
  const rows = await fresh.rows()
  await using lake = new Lake()
  const names = fresh.schema.fields.map(({ name }) => `"${name}"`).join(', ')
  const queried = await (await lake.query(`SELECT ${names} FROM t`, { tables: { t: fresh } })).rows()
  const byId = (a: Row, b: Row): number => Number(a.id ?? a.v) - Number(b.id ?? b.v)
  expect(queried.sort(byId)).toEqual([...rows].sort(byId))
  return queried
}

describe('column mapping', () => {
  it('turned on later, lets columns be renamed and dropped while files stay as they are', async () => {
    const table = await newTable({ 'delta.dataSkippingStatsColumns': 'id,place.zip' }, ['kind'])
    await table.append([row])
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'name' })
    expect(table.protocol).toMatchObject({ minReaderVersion: 3, readerFeatures: ['columnMapping'] })
    await table.append([{ ...row, id: 2 }])
    await table.alter.renameColumn('kind', 'type of it')
    await table.alter.renameColumn('place.zip', 'code')
    await table.alter.renameColumn('tags.element.name', 'label')
    await table.alter.dropColumn('place.city')
    await table.alter.addColumns('city STRING', { into: 'place' })
    await table.append([
      { id: 3, 'type of it': 'b', place: { code: 8, city: 'new' }, tags: [{ label: 'y', weight: 2 }] },
    ])
    expect(await bothWays(table)).toEqual([
      { id: 1, 'type of it': 'a', place: { code: 7, city: null }, tags: [{ label: 'x', weight: 1 }] },
      { id: 2, 'type of it': 'a', place: { code: 7, city: null }, tags: [{ label: 'x', weight: 1 }] },
      { id: 3, 'type of it': 'b', place: { code: 8, city: 'new' }, tags: [{ label: 'y', weight: 2 }] },
    ])
    expect(table.partitionColumns).toEqual(['type of it'])
    expect(table.metadata.configuration['delta.dataSkippingStatsColumns']).toBe('id,place.code')
    expect(await table.rows({ where: "`type of it` = 'b'".replaceAll('`', '"'), columns: ['id'] })).toEqual([{ id: 3 }])
    const [rename] = (await table.history()).filter(({ operation }) => operation === 'RENAME COLUMN').slice(-1)
    expect(rename?.operationParameters).toEqual({ oldColumnPath: 'kind', newColumnPath: '`type of it`' })
  })

  it('never gives a dropped column its values back', async () => {
    const table = await newTable({ 'delta.columnMapping.mode': 'id' })
    await table.append([row])
    await table.alter.dropColumn('kind')
    await table.alter.addColumns('kind STRING')
    expect(await table.rows({ columns: ['kind'] })).toEqual([{ kind: null }])
    await table.restore({ version: 1 })
    expect(await table.rows({ columns: ['kind'] })).toEqual([{ kind: 'a' }])
  })

  it.each<[string, (table: DeltaTable) => Promise<unknown>, string, string]>([
    [
      'a rename without it',
      (table) => table.alter.renameColumn('kind', 'x'),
      'UnsupportedFeature',
      'columnMapping.mode',
    ],
    ['a drop without it', (table) => table.alter.dropColumn('id'), 'UnsupportedFeature', 'columnMapping.mode'],
    ['mode id of a table with files', mode('id'), 'InvalidArgument', 'from none to id'],
  ])('refuses %s', async (_, alter, code, text) => {
    const table = await newTable({}, ['kind'])
    await expect(alter(table)).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
  })

  it.each<[string, (table: DeltaTable) => Promise<unknown>, string, string]>([
    ['to drop a partition column', (table) => table.alter.dropColumn('kind'), 'InvalidSchema', 'partitions'],
    ['a name that is taken', (table) => table.alter.renameColumn('id', 'TAGS'), 'InvalidSchema', 'twice'],
    ['a column that is not there', (table) => table.alter.renameColumn('kin', 'x'), 'UnknownColumn', 'kind'],
    ['to change the mode', mode('id'), 'InvalidArgument', 'from name to id'],
    [
      'to forget it',
      (table) => table.alter.unsetProperties(['delta.columnMapping.mode']),
      'InvalidArgument',
      'mode name',
    ],
    ['to set ids', set({ 'delta.columnMapping.maxColumnId': '1' }), 'InvalidArgument', 'kept by writers'],
  ])('refuses %s', async (_, alter, code, text) => {
    const table = await newTable({ 'delta.columnMapping.mode': 'name' }, ['kind'])
    await expect(alter(table)).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
    expect((await table.refresh()).version).toBe(0)
  })

  it('does not take a column from under a constraint or a generated column', async () => {
    const table = await DeltaTable.create(place.url(), {
      schema: 'a INT, b INT GENERATED ALWAYS AS (a + 1), c INT',
      constraints: { positive: 'c > 0' },
      properties: { 'delta.columnMapping.mode': 'name', 'delta.enableTypeWidening': 'true' },
    })
    await expect(table.alter.renameColumn('a', 'x')).rejects.toThrow('generated column b looks at it')
    await expect(table.alter.dropColumn('c')).rejects.toThrow('CHECK constraint positive looks at it')
    await expect(table.alter.changeType('c', 'BIGINT')).rejects.toThrow('CHECK constraint positive looks at it')
    await table.alter.dropConstraint('POSITIVE')
    await table.alter.dropColumn('c')
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['a', 'b'])
  })
})

function mode(name: string): (table: DeltaTable) => Promise<unknown> {
  return set({ 'delta.columnMapping.mode': name })
}

function set(properties: Record<string, string>): (table: DeltaTable) => Promise<unknown> {
  return (table) => table.alter.setProperties(properties)
}

describe('type widening', () => {
  const Wide = struct({
    id: integer(),
    b: byte(),
    f: float(),
    d: decimal(5, 2),
    list: array(byte()),
    m: map(string(), struct({ v: float() })),
  })

  it('reads rows that were written before as the wider type, at any depth, and remembers what it was', async () => {
    const table = await DeltaTable.create(place.url(), {
      schema: Wide as StructType,
      properties: { 'delta.enableTypeWidening': 'true' },
      partitionBy: ['b'],
    })
    await table.append([{ id: 1, b: 1, f: 1.5, d: '1.25', list: [1, 2], m: new Map([['k', { v: 0.5 }]]) }])
    await table.alter.changeType('id', 'BIGINT')
    await table.alter.changeType('b', 'SMALLINT')
    await table.alter.changeType('B', integer())
    await table.alter.changeType('f', 'DOUBLE')
    await table.alter.changeType('d', 'DECIMAL(10,4)')
    await table.alter.changeType('list.element', 'INT')
    await table.alter.changeType('m.value.v', 'DOUBLE')
    await table.append([
      { id: 2n ** 40n, b: 70_000, f: 1e300, d: '123456.0001', list: [2 ** 30], m: new Map([['k', { v: 1e200 }]]) },
    ])
    expect(await bothWays(table)).toEqual([
      { id: 1n, b: 1, f: 1.5, d: '1.2500', list: [1, 2], m: new Map([['k', { v: 0.5 }]]) },
      { id: 2n ** 40n, b: 70_000, f: 1e300, d: '123456.0001', list: [2 ** 30], m: new Map([['k', { v: 1e200 }]]) },
    ])
    expect(await table.rows({ where: 'id > 5 AND d > 1', columns: ['b'] })).toEqual([{ b: 70_000 }])
    const changes = Object.fromEntries(
      table.schema.fields.map(({ name, metadata }) => [name, metadata['delta.typeChanges']]),
    )
    expect(changes).toMatchObject({
      b: [
        { fromType: 'byte', toType: 'short' },
        { fromType: 'short', toType: 'integer' },
      ],
      d: [{ fromType: 'decimal(5,2)', toType: 'decimal(10,4)' }],
      list: [{ fromType: 'byte', toType: 'integer', fieldPath: 'element' }],
    })
  })

  it('by data that needs it, where the schema may merge', async () => {
    const properties = { 'delta.enableTypeWidening': 'true' }
    const table = await DeltaTable.create(place.url(), { schema: 'id INT, s STRUCT<f: FLOAT>', properties })
    await table.append([{ id: 1, s: { f: 0.5 } }])
    const wider = await DeltaTable.create(place.url(), { schema: 'id BIGINT, s STRUCT<f: DOUBLE>' })
    await wider.append([{ id: 2n ** 33n, s: { f: 0.1 } }])
    const result = await table.append(wider.scan(), { mergeSchema: true })
    expect(result.metrics).toMatchObject({ numWidenedColumns: 2 })
    expect(table.schema.fields.map(({ dataType }) => typeText(dataType))).toEqual(['BIGINT', 'STRUCT<f: DOUBLE>'])
    expect(await bothWays(table)).toEqual([
      { id: 1n, s: { f: 0.5 } },
      { id: 2n ** 33n, s: { f: 0.1 } },
    ])
  })

  it.each([
    ['where it is not enabled', {}, 'id', 'BIGINT', 'UnsupportedFeature', 'delta.enableTypeWidening'],
    ['to a narrower type', { 'delta.enableTypeWidening': 'true' }, 'id', 'SMALLINT', 'InvalidSchema', 'wider'],
    ['to another kind', { 'delta.enableTypeWidening': 'true' }, 'id', 'STRING', 'InvalidSchema', 'wider'],
    [
      'of an element that is none',
      { 'delta.enableTypeWidening': 'true' },
      'id.element',
      'INT',
      'UnknownColumn',
      'element',
    ],
    ['to what is no type', { 'delta.enableTypeWidening': 'true' }, 'id', 'BIGINTS', 'InvalidSchema', 'BIGINT'],
  ])('is refused %s', async (_, properties, column, type, code, text) => {
    const table = await newTable(properties)
    await expect(table.alter.changeType(column, type)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    })
  })
})

it.each([
  ['DATE', 'TIMESTAMP_NTZ', '2026-01-02', '2026-01-02T00:00:00.000000'],
  ['INT', 'DECIMAL(12,2)', 7, '7.00'],
  ['DECIMAL(5,2)', 'DECIMAL(8,3)', '1.50', '1.500'],
])('a partition column changes from %s to %s and keeps its values', async (from, to, before, after) => {
  const table: DeltaTable = await DeltaTable.create(place.url(), {
    schema: `p ${from}, v INT`,
    partitionBy: ['p'],
    properties: { 'delta.enableTypeWidening': 'true', 'delta.feature.timestampNtz': 'supported' },
  })
  await table.append([{ p: before, v: 1 }])
  await table.alter.changeType('p', to)
  await table.append([{ p: after, v: 2 }])
  expect((await bothWays(table)).map(({ p }) => p)).toEqual([after, after])
})

it('a partition column of type float stays one: as a double its text would mean another number', async () => {
  const table: DeltaTable = await DeltaTable.create(place.url(), {
    schema: 'p FLOAT, v INT',
    partitionBy: ['p'],
    properties: { 'delta.enableTypeWidening': 'true' },
  })
  await expect(table.alter.changeType('p', 'DOUBLE')).rejects.toMatchObject({ code: 'InvalidSchema' })
  const wide = { mergeSchema: true, schema: 'p DOUBLE' }
  await expect(table.append([{ p: 0.1, v: 1 }], wide)).rejects.toMatchObject({ code: 'InvalidSchema' })
})

describe('columns', () => {
  it('take other places, comments and nulls without a file being read or written', async () => {
    const table = await newTable()
    await table.append([row])
    await table.alter.moveColumn('tags', 'first')
    await table.alter.moveColumn('place.city', { after: 'zip' })
    await table.alter.setComment('kind', 'what happened')
    await table.alter.setComment('place.zip', 'a code')
    await table.alter.setComment('place.zip', null)
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['tags', 'id', 'kind', 'place'])
    expect(table.schema.fields[2]?.metadata).toEqual({ comment: 'what happened' })
    expect(await bothWays(table)).toEqual([row])
    expect(await table.alter.setComment('kind', 'what happened')).toMatchObject({ skipped: true })
  })

  it('may be set to NOT NULL where no row is null', async () => {
    const table = await newTable()
    await table.append([row, { id: null, place: { city: null, zip: 1 } }, { id: 2, place: null }])
    await expect(table.alter.setNullable('id', false)).rejects.toMatchObject({ code: 'ConstraintViolated' })
    await expect(table.alter.setNullable('place.city', false)).rejects.toMatchObject({ code: 'ConstraintViolated' })
    await table.alter.setNullable('place.zip', false)
    await expect(table.append([{ id: 1, place: { city: 'a' } }])).rejects.toMatchObject({ code: 'SchemaMismatch' })
    await table.append([{ id: 1 }])
    await table.alter.setNullable('place.zip', true)
    await table.append([{ id: 1, place: { city: 'a' } }])
    await expect(table.alter.setNullable('tags.element.name', false)).rejects.toThrow('inside of an array')
  })
})
