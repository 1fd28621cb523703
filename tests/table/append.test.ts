import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeVector, type RecordBatch, Table, Utf8, vectorFromArray } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  byte,
  DeltaTable,
  decimal,
  files,
  integer,
  isDeltaError,
  long,
  string,
  struct,
  timestamp,
} from '../../src/index.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openLocal, openMemory, type Place } from './places.js'

const Event = struct({ id: long().notNull(), kind: string() })

async function newTable(place: Place): Promise<DeltaTable<typeof Event.Row>> {
  return DeltaTable.create(place.url(), { schema: Event })
}

describe('append', () => {
  let place: Place & { readonly folder: string }
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  it('says what it wrote, and moves the handle on', async () => {
    const table = await newTable(place)
    const result = await table.append([{ id: 1n, kind: 'a' }])
    expect(result).toEqual({
      version: 1,
      operation: 'WRITE',
      metrics: { numFiles: 1, numOutputRows: 1, numOutputBytes: expect.any(Number) },
    })
    expect(table.version).toBe(1)
  })

  it('takes rows from generators and from async generators, however many', async () => {
    const table = await newTable(place)
    function* some() {
      for (let i = 0; i < 40_000; i++) yield { id: BigInt(i), kind: 'sync' }
    }
    async function* others() {
      yield { id: -1n, kind: 'async' }
    }
    await table.append(some())
    await table.append(others())
    const rows = await table.rows()
    expect(rows).toHaveLength(40_001)
    expect(new Set(rows.map((row) => row.id)).size).toBe(40_001)
  })

  it('takes Arrow tables, batches and streams of batches', async () => {
    const table = await newTable(place)
    const arrow = new Table({
      id: makeVector(BigInt64Array.of(1n, 2n)),
      kind: vectorFromArray(['a', null], new Utf8()),
    })
    await table.append(arrow)
    await table.append(arrow.batches[0] as RecordBatch)
    await table.append(
      (async function* () {
        yield* arrow.batches
      })(),
    )
    expect(await table.rows({ columns: ['kind'] })).toEqual([1, 2, 3].flatMap(() => [{ kind: 'a' }, { kind: null }]))
  })

  it('copies a table into another, batch by batch', async () => {
    const source = await newTable(place)
    await source.append([{ id: 1n, kind: 'a' }])
    const copy = await newTable(place)
    await copy.append(source.scan())
    expect(await copy.rows()).toEqual(await source.rows())
  })

  it('loads CSV, NDJSON and Parquet files by pattern', async () => {
    const table = await newTable(place)
    await writeFile(join(place.folder, 'part 1.csv'), 'id,kind\n1,a\n2,\n')
    await writeFile(join(place.folder, 'part 2.csv'), 'id,kind\n3,"x, y"\n')
    await writeFile(join(place.folder, 'more.ndjson'), '{"id":4,"kind":"d"}\n{"id":5}\n')
    await table.append(files(join(place.folder, 'part *.csv')))
    await table.append(files([join(place.folder, 'more.ndjson')]))
    // Files are read at once, so the order of their rows is not theirs.
    expect((await table.rows()).sort((a, b) => Number(a.id - b.id))).toEqual([
      { id: 1n, kind: 'a' },
      { id: 2n, kind: null },
      { id: 3n, kind: 'x, y' },
      { id: 4n, kind: 'd' },
      { id: 5n, kind: null },
    ])
  })

  it.each<[string, unknown]>([
    ['no version', { appId: 'a' }],
    ['half a version', { appId: 'a', version: 1.5 }],
    ['a version before the first', { appId: 'a', version: -1 }],
    ['a version beyond 64 bits', { appId: 'a', version: 2n ** 63n }],
    ['a number that lost digits', { appId: 'a', version: 2 ** 60 }],
    ['no application', { version: 1 }],
    ['an application without a name', { appId: '', version: 1 }],
    ['a text', 'a:1'],
  ])('refuses a txn with %s in every write: the load would not be known again', async (_, given) => {
    const table = await DeltaTable.create(place.url(), { schema: Event })
    const txn = given as { appId: string; version: number }
    const row = { id: 1n, kind: 'a' }
    const writes = [
      () => table.append([row], { txn }),
      () => table.overwrite([row], { txn }),
      () => table.delete('id = 1', { txn }),
      () => table.update({ set: { kind: 'b' }, txn }),
      () => table.merge([row], ['id'], { txn }).whenNotMatchedInsertAll().execute(),
    ]
    for (const write of writes) await expect(write()).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(await DeltaTable.open(table.url)).toMatchObject({ version: 0 })
  })

  it('reads and writes nothing of a load whose transaction was committed', async () => {
    const table = await newTable(place)
    const txn = { appId: 'loader', version: 7 }
    await table.append([{ id: 1n, kind: 'a' }], { txn })
    const again = await (await DeltaTable.open(table.url)).append([{ id: 1n, kind: 'a' }], { txn })
    const earlier = await table.append([{ id: 0n, kind: 'z' }], { txn: { appId: 'loader', version: 6 } })
    expect([again, earlier]).toEqual([
      { version: 1, operation: 'WRITE', metrics: {}, skipped: true },
      { version: 1, operation: 'WRITE', metrics: {}, skipped: true },
    ])
    await table.append([{ id: 2n, kind: 'b' }], { txn: { appId: 'loader', version: 8 } })
    expect(await table.rows()).toHaveLength(2)
  })

  it('leaves the table as it is when there is nothing to add', async () => {
    const table = await newTable(place)
    expect(await table.append([])).toMatchObject({ version: 0, skipped: true })
  })

  it('lands every one of many appends at once, through one handle and through many', async () => {
    const table = await newTable(place)
    const others = await Promise.all([1, 2, 3].map(() => DeltaTable.open(table.url, { schema: Event })))
    const handles = [table, table, ...others, ...others]
    const results = await Promise.all(handles.map((handle, i) => handle.append([{ id: BigInt(i), kind: null }])))
    expect(results.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    await table.refresh()
    expect((await table.rows()).map(({ id }) => Number(id)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  const Strict = struct({
    id: long().notNull(),
    small: byte(),
    price: decimal(5, 2),
    nested: struct({ n: integer().notNull() }),
    at: timestamp(),
  })
  const misfits: readonly (readonly [what: string, row: object, column: string])[] = [
    ['a missing value that must be there', { small: 1 }, 'id'],
    ['a null that must not be', { id: null }, 'id'],
    ['a nested null that must not be', { id: 1n, nested: { n: null } }, 'nested.n'],
    ['a column that the table lacks', { id: 1n, extra: 1 }, 'extra'],
    ['a text for a number', { id: 'one' }, 'id'],
    ['an integer out of range', { id: 1n, small: 128 }, 'small'],
    ['a long out of range', { id: 2n ** 63n }, 'id'],
    ['a fraction for an integer', { id: 1.5 }, 'id'],
    ['a decimal with too many digits', { id: 1n, price: '1000.00' }, 'price'],
    ['a decimal that would be rounded', { id: 1n, price: '1.005' }, 'price'],
    ['an invalid date', { id: 1n, at: new Date(Number.NaN) }, 'at'],
  ]

  it.each(misfits)('refuses %s, and writes nothing', async (_, row, column) => {
    const table = await DeltaTable.create(place.url(), { schema: Strict as never })
    const before = await readdir(table.url.startsWith('file:') ? new URL(table.url) : table.url, { recursive: true })
    const failure = await table.append([{ id: 1n }, row] as never).catch((error: unknown) => error)
    expect(failure).toSatisfy((error) => isDeltaError(error, 'SchemaMismatch'))
    expect(failure).toMatchObject({ message: expect.stringContaining(column) })
    expect(await readdir(new URL(table.url), { recursive: true })).toEqual(before)
    expect((await table.refresh()).version).toBe(0)
  })

  it('refuses Arrow data whose column has another type', async () => {
    const table = await newTable(place)
    const arrow = new Table({ id: makeVector(Float64Array.of(1.5)) })
    await expect(table.append(arrow)).rejects.toMatchObject({ code: 'SchemaMismatch' })
  })

  it('refuses what is no rows', async () => {
    const table = await newTable(place)
    await expect(table.append('rows.csv' as never)).rejects.toThrow("files('rows.csv')")
    await expect(table.append(null as never)).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('refuses to write through a view', async () => {
    const table = await newTable(place)
    const view = await table.at({ version: 0 })
    await expect(view.append([{ id: 1n, kind: null }])).rejects.toMatchObject({ code: 'ReadOnlyView' })
  })

  it('commits nothing when it was aborted', async () => {
    const table = await newTable(place)
    await expect(
      table.append([{ id: 1n, kind: null }], { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toMatchObject({ code: 'Aborted' })
    expect((await table.refresh()).version).toBe(0)
  })
})

it('an append to a held table on S3 puts its data and one commit, and reads nothing', async () => {
  await using server = await startS3Server()
  const url = server.tableUrl('events')
  const table = await DeltaTable.create(url, { schema: Event, partitionBy: ['kind'], storage: server.options })
  await table.append([{ id: 1n, kind: 'a' }])
  server.requests.clear()
  await table.append([
    { id: 2n, kind: 'a' },
    { id: 3n, kind: 'b' },
  ])
  expect(server.requests.counts()).toEqual({ PutObject: 3 })
  expect(server.requests.keys().filter((key) => key.endsWith('00000000000000000002.json'))).toHaveLength(1)
})

it('a table in memory lives as long as the process', async () => {
  const place = await openMemory()
  const table = await newTable(place)
  await table.append([{ id: 1n, kind: 'a' }])
  expect(await (await DeltaTable.open(table.url)).rows()).toEqual([{ id: 1n, kind: 'a' }])
})
