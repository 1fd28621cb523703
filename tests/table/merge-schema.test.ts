import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeVector, Table, Utf8, vectorFromArray } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DeltaTable,
  exportParquet,
  files,
  integer,
  Lake,
  long,
  type Row,
  type StructType,
  string,
  struct,
  typeText,
} from '../../src/index.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openLocal, type Place } from './places.js'

const Event = struct({ id: long().notNull(), place: struct({ city: string() }) })
const merge = { mergeSchema: true } as const

describe('an append with mergeSchema', () => {
  let place: Place & { readonly folder: string }
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  const newTable = (properties: Record<string, string> = {}): Promise<DeltaTable> =>
    DeltaTable.create(place.url(), { schema: Event as StructType, properties })

  it.each([{}, { 'delta.columnMapping.mode': 'name' }])(
    'adds what plain rows bring, at any depth (%j)',
    async (properties) => {
      const table = await newTable(properties)
      await table.append([{ id: 1n }])
      const result = await table.append(
        [
          { id: 2n, score: 1, name: 'a', place: { city: 'B', zip: 7n }, gone: null },
          { id: 3n, TAGS: [{ k: 'x' }, { v: true }], m: new Map([['k', 1]]), at: new Date(0), raw: Uint8Array.of(1) },
        ],
        merge,
      )
      expect(result.metrics).toMatchObject({ numOutputRows: 2, numAddedColumns: 7 })
      const same = await DeltaTable.open(table.url)
      expect(same.schema.fields.map(({ name, dataType }) => `${name} ${typeText(dataType)}`)).toEqual([
        'id BIGINT',
        'place STRUCT<city: STRING, zip: BIGINT>',
        'score DOUBLE',
        'name STRING',
        'TAGS ARRAY<STRUCT<k: STRING, v: BOOLEAN>>',
        'm MAP<STRING, DOUBLE>',
        'at TIMESTAMP',
        'raw BINARY',
      ])
      expect(
        (await same.rows({ columns: ['id', 'place', 'TAGS'] })).sort((a, b) => Number(a.id) - Number(b.id)),
      ).toEqual([
        { id: 1n, place: null, TAGS: null },
        { id: 2n, place: { city: 'B', zip: 7n }, TAGS: null },
        {
          id: 3n,
          place: null,
          TAGS: [
            { k: 'x', v: null },
            { k: null, v: true },
          ],
        },
      ])
      await using lake = new Lake()
      const sql = 'SELECT count(*) AS n, sum(score) AS s, count(place.zip) AS z FROM t'
      expect(await (await lake.query(sql, { tables: { t: same } })).rows()).toEqual([{ n: 3n, s: 1, z: 1n }])
    },
  )

  it('lets the schema grow in the middle of a stream, in one commit', async () => {
    const table = await newTable()
    async function* rows() {
      for (let i = 0; i < 20_000; i++) yield { id: BigInt(i) }
      for (let i = 20_000; i < 40_000; i++) yield { id: BigInt(i), late: i % 2 === 0 ? `v${i}` : undefined }
    }
    const result = await table.append(rows() as AsyncIterable<Row>, merge)
    expect(result).toMatchObject({ version: 1, metrics: { numOutputRows: 40_000, numAddedColumns: 1 } })
    const read = await table.rows({ where: 'late IS NOT NULL', columns: ['id', 'late'] })
    expect(read).toHaveLength(10_000)
    expect(await table.rows({ where: 'id = 5' })).toEqual([{ id: 5n, place: null, late: null }])
  })

  it('takes the types of new columns from a schema beside plain rows', async () => {
    const table = await newTable()
    await table.append([{ id: 1n, n: 5 }], { ...merge, schema: struct({ n: integer() }) })
    expect(await table.rows({ columns: ['n'] })).toEqual([{ n: 5 }])
    expect(table.schema.fields[2]?.dataType).toEqual({ type: 'integer' })
  })

  it('adds what Arrow data and files have', async () => {
    const table = await newTable()
    await table.append(
      new Table({ id: makeVector(BigInt64Array.of(1n)), label: vectorFromArray(['x'], new Utf8()) }),
      merge,
    )
    const csv = join(place.folder, 'more.csv')
    await writeFile(csv, 'ID,when,amount\n2,2026-01-01 10:00:00,1.5\n')
    const warnings: string[] = []
    const observer = { on: (event: { type: string; message?: string }) => void warnings.push(event.message ?? '') }
    await table.append(files(csv), { ...merge, observer })
    expect(warnings.join()).toContain('when')
    expect((await table.rows({ where: 'id = 2' }))[0]).toEqual({
      id: 2n,
      place: null,
      label: null,
      when: new Date('2026-01-01T10:00:00Z'),
      amount: 1.5,
    })
  })

  it('takes wider types from Parquet, and from lines of JSON only what is new, at any depth', async () => {
    const properties = { 'delta.enableTypeWidening': 'true', 'delta.columnMapping.mode': 'name' }
    const table: DeltaTable = await DeltaTable.create(place.url(), { schema: 'n INT, s STRUCT<a: INT>', properties })
    const wider = await DeltaTable.create(place.url(), {
      schema: 'n BIGINT, s STRUCT<a: INT, b: ARRAY<STRUCT<c: DATE>>>',
    })
    await wider.append([{ n: 2n ** 40n, s: { a: 1, b: [{ c: '2026-01-01' }] } }])
    const parquet = join(place.folder, 'wider.parquet')
    await writeFile(parquet, exportParquet(wider.scan()))
    const json = join(place.folder, 'more.ndjson')
    await writeFile(json, '{"n": 1, "s": {"a": 2, "b": [{"c": "2026-01-02", "d": {"e": true}}]}}\n')
    const result = await table.append(files([parquet, json]), merge)
    expect(result.metrics).toMatchObject({ numOutputRows: 2, numAddedColumns: 2, numWidenedColumns: 1 })
    expect((await table.rows()).sort((a, b) => Number(a.n) - Number(b.n))).toEqual([
      { n: 1n, s: { a: 2, b: [{ c: '2026-01-02', d: { e: true } }] } },
      { n: 2n ** 40n, s: { a: 1, b: [{ c: '2026-01-01', d: null }] } },
    ])
    await writeFile(json, `{"n": 1, "s": {"a": ${2 ** 40}}}\n`)
    await expect(table.append(files(json), merge)).rejects.toMatchObject({ code: 'SchemaMismatch' })
  })

  it('changes nothing of a table that has every column', async () => {
    const table = await newTable()
    const before = table.metadata
    expect((await table.append([{ id: 1n, place: { city: 'x' } }], merge)).metrics).not.toHaveProperty(
      'numAddedColumns',
    )
    expect((await DeltaTable.open(table.url)).metadata).toEqual(before)
  })

  it('still refuses values that do not fit, and leaves no file', async () => {
    const table = await newTable()
    async function* rows() {
      for (let i = 0; i < 20_000; i++) yield { id: BigInt(i) }
      yield { id: 1n, late: 'a' }
      yield { id: 'x', late: 'a' }
    }
    await expect(table.append(rows(), merge)).rejects.toMatchObject({
      code: 'SchemaMismatch',
      details: { column: 'id' },
    })
    expect((await table.refresh()).version).toBe(0)
    const left = await readdir(new URL(table.url), { recursive: true })
    expect(left.filter((name) => name.endsWith('.parquet'))).toEqual([])
  })

  it('refuses a name that the table cannot have', async () => {
    const table = await newTable()
    await expect(table.append([{ id: 1n, 'a b': 1 }], merge)).rejects.toMatchObject({ code: 'InvalidSchema' })
  })

  it('of several that bring new columns at once loses none', async () => {
    const table = await newTable()
    const others = await Promise.all([1, 2, 3].map(() => DeltaTable.open(table.url)))
    await Promise.all(others.map((other, i) => other.append([{ id: BigInt(i), [`c${i % 2}`]: `v${i}` }], merge)))
    const rows = (await (await table.refresh()).rows()).sort((a, b) => Number(a.id) - Number(b.id))
    expect(rows).toEqual([
      { id: 0n, place: null, c0: 'v0', c1: null },
      { id: 1n, place: null, c0: null, c1: 'v1' },
      { id: 2n, place: null, c0: 'v2', c1: null },
    ])
  })
})

it('an append that changes the schema of a held table on S3 puts its data and one commit, and reads nothing', async () => {
  await using server = await startS3Server()
  const table = await DeltaTable.create(server.tableUrl('grown'), { schema: Event, storage: server.options })
  await table.append([{ id: 1n, place: null }])
  server.requests.clear()
  await table.append([{ id: 2n, place: null, more: 'x' }] as never, merge)
  expect(server.requests.counts()).toEqual({ PutObject: 2 })
})
