import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  array,
  boolean,
  DeltaTable,
  date,
  decimal,
  double,
  files,
  integer,
  long,
  map,
  string,
  struct,
  type TableFiles,
  timestamp,
} from '../../src/index.js'
import { footerOf, thriftText } from '../../src/parquet/footer.js'
import { openLocal, PLACES, type Place } from './places.js'

const Reading = struct({
  id: long(),
  place: string(),
  value: double(),
  price: decimal(12, 2),
  day: date(),
  at: timestamp(),
  ok: boolean(),
  tags: array(string()),
  more: map(string(), integer()),
  inner: struct({ x: double(), y: string() }),
})
type Reading = typeof Reading.Row

/** Rows of which some columns repeat, some are null, and none is NaN. */
function readings(from: number, count: number): Reading[] {
  return Array.from({ length: count }, (_, k) => {
    const i = from + k
    return {
      id: BigInt(i) * 1_000_003n,
      place: i % 5 === 0 ? null : `place ${i % 7}`,
      value: i % 11 === 0 ? null : i / 3,
      price: `${i % 50}.25`,
      day: `2024-02-${String(1 + (i % 28)).padStart(2, '0')}`,
      at: new Date(Date.UTC(2024, 0, 1, 0, 0, i)),
      ok: i % 3 === 0 ? null : i % 2 === 0,
      tags: i % 4 === 0 ? null : [`tag ${i % 6}`, null],
      more: i % 6 === 0 ? {} : { [`key ${i % 3}`]: i },
      inner: i % 9 === 0 ? null : { x: i / 7, y: `y ${i % 10}` },
    }
  }) as unknown as Reading[]
}

/** The statistics of the only file of a table. */
async function statsOf(table: { files(): Promise<TableFiles> }) {
  const all: (string | null)[] = []
  for await (const { stats } of await table.files()) all.push(stats)
  expect(all).toHaveLength(1)
  return JSON.parse(String(all[0]))
}

describe.each(PLACES)('files of rows that were appended, %s', (_, open) => {
  let place: Place
  beforeAll(async () => {
    place = await open()
  })
  afterAll(() => place.close())

  it('become one with the same rows and statistics, in order', async () => {
    const { storage } = place
    const table = await DeltaTable.create(place.url(), { schema: Reading, storage })
    for (const [i, count] of [40, 1, 700, 3, 2000].entries()) await table.append(readings(i * 10_000, count))
    const before = await table.rows()
    await table.optimize()
    const after = await DeltaTable.open(table.url, { schema: Reading, storage })
    expect(await after.rows()).toEqual(before)
    const stats = await statsOf(after)
    expect(stats.numRecords).toBe(2744)
    expect(stats.minValues).toMatchObject({ id: 0, place: 'place 0', price: 0.25, day: '2024-02-01' })
    expect(stats.maxValues.value).toBe(Math.max(...before.map(({ value }) => value ?? 0)))
    expect(stats.maxValues.inner.x).toBe(Math.max(...before.map(({ inner }) => inner?.x ?? 0)))
    expect(stats.nullCount.place).toBe(before.filter(({ place: name }) => name === null).length)
    expect(await after.rows({ where: 'value > 14000' })).toEqual(before.filter(({ value }) => (value ?? 0) > 14000))
  })
})

describe('files that become one', () => {
  let place: Awaited<ReturnType<typeof openLocal>>
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  const dataFiles = async (url: string): Promise<string[]> =>
    (await readdir(new URL(url))).filter((name) => name.endsWith('.parquet')).sort()
  const newFiles = async (table: DeltaTable, work: () => Promise<unknown>): Promise<string[]> => {
    const before = new Set(await dataFiles(table.url))
    await work()
    return (await dataFiles(table.url)).filter((name) => !before.has(name))
  }
  const writerOf = async (table: DeltaTable, name: string): Promise<string | undefined> => {
    const { fileMetaData } = await footerOf(new Uint8Array(await readFile(new URL(`${table.url}/${name}`))), name)
    return thriftText(fileMetaData.field_6)
  }
  /** Who wrote the file that takes the place of all others. */
  const optimizedBy = async (table: DeltaTable): Promise<string> => {
    const before = await table.rows()
    const [file, ...others] = await newFiles(table, () => table.optimize())
    expect(others).toEqual([])
    expect(await (await DeltaTable.open(table.url)).rows()).toEqual(before)
    const writer = await writerOf(table, file as string)
    return writer?.startsWith('DuckDB') ? 'DuckDB' : String(writer).replace(/ version.*/, '')
  }
  const small = struct({ id: long(), name: string() })
  const rowsFrom = (from: number) => [0, 1, 2].map((i) => ({ id: BigInt(from + i), name: `name ${i}` }))

  it('are not decoded, be they appended as rows or loaded by DuckDB', async () => {
    const table = await DeltaTable.create(place.url(), { schema: small })
    const csv = join(place.folder, 'rows.csv')
    await writeFile(csv, `id,name\n${Array.from({ length: 500 }, (_, i) => `${i},text ${i % 5}`).join('\n')}\n`)
    await table.append(files(csv))
    await table.append(rowsFrom(1000))
    await table.append(files(csv))
    expect(await optimizedBy(table)).toBe('lakewright')
  })

  it('have no maximum of floats where one of them may have a NaN', async () => {
    const table = await DeltaTable.create(place.url(), { schema: struct({ a: double(), b: double(), c: double() }) })
    await table.append([{ a: 1, b: 2, c: null }])
    await table.append([{ a: 5, b: Number.NaN, c: 3 }])
    expect(await optimizedBy(table)).toBe('lakewright')
    const stats = await statsOf(table)
    expect(stats.maxValues).toEqual({ a: 5, c: 3 })
    expect(await table.rows({ where: 'b > 100' })).toHaveLength(1)
  })

  it('are rewritten where a column was added in between', async () => {
    const table = await DeltaTable.create(place.url(), { schema: small })
    await table.append(rowsFrom(0))
    await table.alter.addColumns('more INT')
    await table.append([{ id: 9n, name: 'nine', more: 1 }] as never)
    expect(await optimizedBy(table as never)).toBe('DuckDB')
  })

  it('are rewritten where one hides rows', async () => {
    const table = await DeltaTable.create(place.url(), {
      schema: small,
      properties: { 'delta.enableDeletionVectors': 'true' },
    })
    for (const from of [0, 10, 20]) await table.append(rowsFrom(from))
    await table.delete('id = 11')
    expect(await optimizedBy(table as never)).toBe('DuckDB')
  })

  it('are rewritten where rows have ids, which they keep', async () => {
    const table = await DeltaTable.create(place.url(), {
      schema: small,
      properties: { 'delta.enableRowTracking': 'true' },
    })
    for (const from of [0, 10]) await table.append(rowsFrom(from))
    expect(await optimizedBy(table as never)).toBe('DuckDB')
  })

  it('are rewritten where others stored them in another way', async () => {
    const table = await DeltaTable.create(place.url(), { schema: small })
    for (const from of [0, 10]) await table.append(rowsFrom(from))
    const [name] = await dataFiles(table.url)
    const path = new URL(`${table.url}/${name}`)
    const duckdb = await DuckDBInstance.create()
    const connection = await duckdb.connect()
    const copy = `COPY (SELECT * FROM read_parquet('${path.pathname.replaceAll('%20', ' ')}')) TO '${place.folder}/deltas.parquet' (FORMAT parquet, PARQUET_VERSION V2)`
    await connection.run(decodeURIComponent(copy))
    duckdb.closeSync()
    await writeFile(path, await readFile(join(place.folder, 'deltas.parquet')))
    expect(await optimizedBy(await DeltaTable.open(table.url))).toBe('DuckDB')
  })

  it('and are damaged stop it: nothing is committed or left behind', async () => {
    const table = await DeltaTable.create(place.url(), { schema: small })
    for (const from of [0, 10, 20]) await table.append(rowsFrom(from))
    const names = await dataFiles(table.url)
    const path = new URL(`${table.url}/${names[1]}`)
    const bytes = await readFile(path)
    bytes.fill(0xff, 4, 12)
    await writeFile(path, bytes)
    await expect(table.optimize()).rejects.toMatchObject({
      code: 'CorruptData',
      message: expect.stringContaining(names[1] as string),
    })
    expect(await dataFiles(table.url)).toEqual(names)
    expect(table.version).toBe(3)
  })

  it('and are missing stop it: nothing is committed or left behind', async () => {
    const table = await DeltaTable.create(place.url(), { schema: small })
    for (const from of [0, 10, 20]) await table.append(rowsFrom(from))
    const [first = '', ...names] = await dataFiles(table.url)
    await rm(new URL(`${table.url}/${first}`))
    await expect(table.optimize()).rejects.toMatchObject({
      code: 'DataFileMissing',
      message: expect.stringContaining(first),
    })
    expect(await dataFiles(table.url)).toEqual(names)
    expect(table.version).toBe(3)
  })
})
