import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Float64, makeVector, Table, Utf8, vectorFromArray } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  array,
  byte,
  DeltaTable,
  exportParquet,
  files,
  long,
  map,
  type Row,
  type StructType,
  string,
  struct,
} from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Event = struct({
  id: long().notNull(),
  small: byte(),
  place: struct({ city: string(), codes: array(byte()) }),
  marks: map(string(), byte().notNull()),
})

const mixed: readonly Row[] = [
  { id: 1n, small: 1, extra: null },
  { id: 2n, small: 'x' },
  { id: 3n, extra: 5 },
  { id: 4n, place: { city: 'A', codes: [1, 300, 2], more: true } },
  { id: 5n, marks: { a: 1, b: 'no' } },
  { id: null },
]

describe('the schema contract', () => {
  let place: Place & { readonly folder: string }
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  const newTable = (properties: Record<string, string> = {}): Promise<DeltaTable> =>
    DeltaTable.create(place.url(), { schema: Event as StructType, properties })

  it('discard_row leaves out rows that do not fit, and counts them', async () => {
    const table = await newTable()
    const result = await table.append(mixed, { contract: 'discard_row' })
    expect(result.metrics).toMatchObject({ numOutputRows: 1, numDiscardedRows: 5, numDiscardedValues: 0 })
    expect(await table.rows({ columns: ['id', 'small'] })).toEqual([{ id: 1n, small: 1 }])
    const [entry] = await table.history({ limit: 1 })
    expect(entry?.operationMetrics).toMatchObject({ numDiscardedRows: '5' })
  })

  it.each(['discard_row', 'discard_value'] as const)(
    'tells of rows that %s leaves out though none is left',
    async (contract) => {
      const table = await newTable()
      const csv = join(place.folder, 'none.csv')
      await writeFile(csv, 'id,small\n,1\n')
      for (const rows of [[{ id: null }], files(csv)]) {
        const result = await table.append(rows, { contract })
        expect(result.metrics).toMatchObject({ numFiles: 0, numOutputRows: 0, numDiscardedRows: 1 })
        const [entry] = await table.history({ limit: 1 })
        expect(entry).toMatchObject({ version: result.version, operationMetrics: { numDiscardedRows: '1' } })
      }
      expect(await table.append([], { contract })).toMatchObject({ skipped: true })
      expect(await table.rows()).toEqual([])
    },
  )

  it('discard_value leaves out values that do not fit, and with one that must be there its row', async () => {
    const table = await newTable({ 'lakewright.schemaContract': 'discard_value' })
    const result = await table.append(mixed)
    expect(result.metrics).toMatchObject({ numOutputRows: 5, numDiscardedRows: 1, numDiscardedValues: 5 })
    expect(await table.rows()).toEqual([
      { id: 1n, small: 1, place: null, marks: null },
      { id: 2n, small: null, place: null, marks: null },
      { id: 3n, small: null, place: null, marks: null },
      { id: 4n, small: null, place: { city: 'A', codes: [1, null, 2] }, marks: null },
      { id: 5n, small: null, place: null, marks: null },
    ])
  })

  it('holds for Arrow data too', async () => {
    const table = await newTable()
    const arrow = new Table({
      id: makeVector(BigInt64Array.of(1n, 2n, 3n)),
      small: vectorFromArray([1, 1.5, 2], new Float64()),
      extra: vectorFromArray([null, null, 'x'], new Utf8()),
    })
    const rows = await table.append(arrow, { contract: 'discard_row' })
    expect(rows.metrics).toMatchObject({ numOutputRows: 1, numDiscardedRows: 2 })
    const values = await table.append(arrow, { contract: 'discard_value' })
    expect(values.metrics).toMatchObject({ numOutputRows: 3, numDiscardedRows: 0, numDiscardedValues: 2 })
  })

  it('of the table holds where the call says nothing', async () => {
    const table = await newTable({ 'lakewright.schemaContract': 'evolve' })
    await table.append([{ id: 1n, extra: 'x' }])
    expect(table.schema.fields.at(-1)?.name).toBe('extra')
    await expect(table.append([{ id: 1n, other: 'x' }], { contract: 'freeze' })).rejects.toMatchObject({
      code: 'SchemaMismatch',
    })
    await expect(table.append([{ id: 1n, other: 'x' }], { mergeSchema: false })).rejects.toMatchObject({
      code: 'SchemaMismatch',
    })
  })

  it.each<[string, object]>([
    ['that is none', { contract: 'discard' }],
    ['that contradicts mergeSchema', { contract: 'freeze', mergeSchema: true }],
    ['with a schema that it has no use for', { contract: 'freeze', schema: Event }],
  ])('refuses one %s', async (_, options) => {
    const table = await newTable()
    await expect(table.append([{ id: 1n }], options)).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('refuses to be a property that is none', async () => {
    await expect(newTable({ 'lakewright.schemaContract': 'drop' })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(newTable({ 'lakewright.schemaContrakt': 'freeze' })).rejects.toThrow('lakewright.schemaContract')
  })

  it('holds for an overwrite too', async () => {
    const table = await newTable()
    await table.append([{ id: 1n }])
    const evolved = await table.overwrite([{ id: 2n, extra: 'x' }], { mergeSchema: true })
    expect(evolved.metrics).toMatchObject({ numRemovedFiles: 1, numAddedColumns: 1 })
    expect(await table.rows({ columns: ['id', 'extra'] })).toEqual([{ id: 2n, extra: 'x' }])
    const discarded = await table.overwrite(mixed, { contract: 'discard_row' })
    expect(discarded.metrics).toMatchObject({ numOutputRows: 1, numDiscardedRows: 5 })
    const both = table.overwrite([{ id: 1n }], { mergeSchema: true, overwriteSchema: true, schema: Event })
    await expect(both).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('evolve holds for appends that share a commit, and a row that does not fit fails alone', async () => {
    const table = await newTable({ 'lakewright.schemaContract': 'evolve' })
    const results = await Promise.allSettled([
      table.append([{ id: 1n, extra: 'x' }]),
      table.append([{ id: 'no id' }]),
      table.append([{ id: 2n, more: true }]),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const rows = await table.rows({ columns: ['id', 'extra', 'more'] })
    expect(rows.sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { id: 1n, extra: 'x', more: null },
      { id: 2n, extra: null, more: true },
    ])
  })

  it('evolve holds for a merge too', async () => {
    const table = await newTable({ 'lakewright.schemaContract': 'evolve' })
    await table.append([{ id: 1n }])
    const source = [
      { id: 1n, extra: 'x' },
      { id: 2n, extra: 'y' },
    ]
    await table.merge(source, ['id']).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    const rows = await table.rows({ columns: ['id', 'extra'] })
    expect(rows.sort((a, b) => Number(a.id) - Number(b.id))).toEqual(source)
  })

  it.each(['evolve', 'discard_row'] as const)('%s refuses what is no rows', async (contract) => {
    const table = await newTable()
    await expect(table.append(null as never, { contract })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(table.append('rows.csv' as never, { contract })).rejects.toThrow("files('rows.csv')")
  })

  describe('of files', () => {
    const Order = 'id BIGINT NOT NULL, amount INT, place STRUCT<zip: INT>, day DATE'
    const lines = [
      { id: 1, amount: 5, day: '2026-01-01' },
      { id: 2, amount: 'many', day: '2026-13-01' },
      { id: 3, amount: 2 ** 40 },
      { id: null, amount: 1 },
      { id: 5, amount: null, extra: 'x' },
      { id: 6, place: { zip: 'none' } },
    ]
    const kept = [
      { id: 1n, amount: 5, place: null, day: '2026-01-01' },
      { id: 2n, amount: null, place: null, day: null },
      { id: 3n, amount: null, place: null, day: null },
      { id: 5n, amount: null, place: null, day: null },
      { id: 6n, amount: null, place: null, day: null },
    ]

    it('holds for lines of JSON', async () => {
      const path = join(place.folder, 'orders.ndjson')
      await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'))
      const table = await DeltaTable.create(place.url(), { schema: Order })
      const values = await table.append(files(path), { contract: 'discard_value' })
      expect(values.metrics).toMatchObject({ numOutputRows: 5, numDiscardedRows: 1, numDiscardedValues: 5 })
      expect((await table.rows()).sort((a, b) => Number(a.id) - Number(b.id))).toEqual(kept)
      const rows = await table.overwrite(files(path), { contract: 'discard_row' })
      expect(rows.metrics).toMatchObject({ numOutputRows: 1, numDiscardedRows: 5, numDiscardedValues: 0 })
      expect(await table.rows()).toEqual(kept.slice(0, 1))
      await expect(table.append(files(path))).rejects.toMatchObject({ code: 'SchemaMismatch' })
    })

    it('holds for CSV', async () => {
      const path = join(place.folder, 'orders.csv')
      await writeFile(
        path,
        'ID,amount,day,extra\n1,5,2026-01-01,\n2,many,2026-13-01,\n3,1099511627776,,\n,1,,\n5,,,x\n6,,,\n',
      )
      const table = await DeltaTable.create(place.url(), { schema: Order, partitionBy: ['day'] })
      const values = await table.append(files(path), { contract: 'discard_value' })
      expect(values.metrics).toMatchObject({ numOutputRows: 5, numDiscardedRows: 1, numDiscardedValues: 4 })
      expect((await table.rows()).sort((a, b) => Number(a.id) - Number(b.id))).toEqual(kept)
      const rows = await table.append(files(path), { contract: 'discard_row' })
      expect(rows.metrics).toMatchObject({ numOutputRows: 2, numDiscardedRows: 4 })
    })

    it('holds for Parquet, and before the rules of the table', async () => {
      const source = await DeltaTable.create(place.url(), {
        schema: 'id BIGINT, amount BIGINT, place STRING, extra STRING',
      })
      await source.append([
        { id: 1n, amount: 5n },
        { id: 2n, amount: 2n ** 40n },
        { id: 3n, place: 'no struct' },
        { id: null, amount: 1n },
        { id: 5n, extra: 'x' },
      ])
      const path = join(place.folder, 'orders.parquet')
      await writeFile(path, exportParquet(source.scan()))
      const table = await DeltaTable.create(place.url(), {
        schema: Order,
        constraints: { small: 'amount IS NULL OR amount < 10' },
      })
      const rows = await table.append(files(path), { contract: 'discard_row' })
      expect(rows.metrics).toMatchObject({ numOutputRows: 1, numDiscardedRows: 4 })
      const values = await table.append(files(path), { contract: 'discard_value' })
      expect(values.metrics).toMatchObject({ numOutputRows: 4, numDiscardedRows: 1, numDiscardedValues: 3 })
      expect((await table.rows({ columns: ['id', 'amount'] })).filter(({ amount }) => amount !== null)).toHaveLength(2)
    })
  })
})
