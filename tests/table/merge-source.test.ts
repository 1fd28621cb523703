import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { array, DeltaTable, files, integer, long, type StructColumn, string, struct } from '../../src/index.js'
import { openLocal } from './places.js'

let place: Awaited<ReturnType<typeof openLocal>>
let duckdb: DuckDBConnection
beforeAll(async () => {
  place = await openLocal()
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => place.close())

const ALL = { 'delta.enableDeletionVectors': 'true' }

async function tableOf<R extends object>(schema: StructColumn<R>, rows: readonly R[]): Promise<DeltaTable<R>> {
  const table = await DeltaTable.create(place.url(), { schema, properties: ALL })
  await table.append(rows)
  return table
}

async function sorted<R extends object>(table: DeltaTable<R>): Promise<unknown[]> {
  const rows = (await table.rows()) as (R & { id?: bigint })[]
  return rows.sort((a, b) => Number((a.id ?? -1n) - (b.id ?? -1n)))
}

describe('the source of a merge', () => {
  const Placed = struct({ id: long(), at: struct({ x: integer(), deep: struct({ p: integer(), q: integer() }) }) })
  const placed = () =>
    tableOf(Placed, [
      { id: 1n, at: { x: 1, deep: { p: 2, q: 3 } } },
      { id: 2n, at: { x: 5, deep: null } },
      { id: 3n, at: null },
    ])
  const sparse = [1n, 2n, 3n, 4n].map((id) => ({ id, at: { deep: { p: 20 } } }))
  const merged = [
    { id: 1n, at: { x: 1, deep: { p: 20, q: 3 } } },
    { id: 2n, at: { x: 5, deep: { p: 20, q: null } } },
    { id: 3n, at: { x: null, deep: { p: 20, q: null } } },
    { id: 4n, at: { x: null, deep: { p: 20, q: null } } },
  ]

  it('leaves fields of structs that it lacks as they are, at any depth, be it rows or another table', async () => {
    const rows = await placed()
    await rows.merge(sparse, ['id']).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    expect(await sorted(rows)).toEqual(merged)
    const schema = struct({ id: long(), AT: struct({ deep: struct({ P: integer() }) }) })
    const other = await tableOf(
      schema,
      [1n, 2n, 3n, 4n].map((id) => ({ id, AT: { deep: { P: 20 } } })),
    )
    const table = await placed()
    await table.merge(other, ['id']).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    expect(await sorted(table)).toEqual(merged)
  })

  it('keeps fields that it lacks where it brings others', async () => {
    const table = await placed()
    const source = [
      { id: 1n, at: { z: 'new' } },
      { id: 3n, at: null },
    ]
    await table.merge(source, ['id'], { mergeSchema: true }).whenMatchedUpdateAll().execute()
    expect(await sorted(table)).toEqual([
      { id: 1n, at: { x: 1, deep: { p: 2, q: 3 }, z: 'new' } },
      { id: 2n, at: { x: 5, deep: null, z: null } },
      { id: 3n, at: null },
    ])
  })

  it('brings its columns though no row changes, and nothing else', async () => {
    const table = await tableOf(struct({ id: long() }), [{ id: 1n }])
    const merge = (options: object) =>
      table
        .merge([{ id: 7n, extra: 'x' }], ['id'], options)
        .whenMatchedUpdateAll()
        .execute()
    expect(await merge({})).toMatchObject({ skipped: true })
    expect((await merge({ mergeSchema: true })).version).toBe(2)
    expect(await sorted(table)).toEqual([{ id: 1n, extra: null }])
    expect(await merge({ mergeSchema: true })).toMatchObject({ skipped: true, version: 2 })
  })

  it('takes elements of arrays as a whole', async () => {
    const table = await tableOf(struct({ id: long(), all: array(struct({ x: integer(), y: integer() })) }), [
      { id: 1n, all: [{ x: 1, y: 7 }] },
    ])
    await table
      .merge([{ id: 1n, all: [{ x: 10 }] }], ['id'])
      .whenMatchedUpdateAll()
      .execute()
    expect(await sorted(table)).toEqual([{ id: 1n, all: [{ x: 10, y: null }] }])
  })

  it('has the columns of all its rows, however late they come', async () => {
    const table = await tableOf(struct({ id: long(), a: integer(), at: struct({ x: integer(), y: integer() }) }), [
      { id: 0n, a: 1, at: { x: 1, y: 1 } },
      { id: 40_000n, a: 1, at: { x: 1, y: 1 } },
    ])
    const stream = function* (): Generator<object> {
      for (let i = 0; i <= 40_000; i++) {
        const id = BigInt(i)
        if (i < 20_000) yield { id, at: { x: i }, nothing: null }
        else yield { id, at: { x: i, y: -i }, a: i, late: `late ${i}` }
      }
    }
    await table
      .merge(stream(), ['id'], { mergeSchema: true })
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute()
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['id', 'a', 'at', 'late'])
    const rows = await sorted(table)
    expect(rows.length).toBe(40_001)
    expect([rows[0], rows[19_999], rows[20_000], rows[40_000]]).toEqual([
      { id: 0n, a: null, at: { x: 0, y: null }, late: null },
      { id: 19_999n, a: null, at: { x: 19_999, y: null }, late: null },
      { id: 20_000n, a: 20_000, at: { x: 20_000, y: -20_000 }, late: 'late 20000' },
      { id: 40_000n, a: 40_000, at: { x: 40_000, y: -40_000 }, late: 'late 40000' },
    ])
  })

  it('has no latest row of a key where different ones share the greatest value', async () => {
    const table = await tableOf(struct({ id: long(), name: string() }), [{ id: 1n, name: 'one' }])
    const merge = (rows: object[]) =>
      table
        .merge(rows, ['id'], { onDuplicateSource: { latestBy: 'at' }, dryRun: true })
        .whenMatchedUpdate({ set: { name: 'x' } })
        .whenNotMatchedInsertAll()
        .execute()
    const tie = [
      { id: 7n, name: 'a', at: 2 },
      { id: 7n, name: 'b', at: 2 },
    ]
    const refused = { code: 'ConstraintViolated', details: { key: 'id = 7' } }
    await expect(merge(tie)).rejects.toMatchObject(refused)
    const untimed = [...tie.map((row) => ({ ...row, at: null })), { id: 8n, at: 1 }]
    await expect(merge(untimed)).rejects.toMatchObject(refused)
    const equal = [...tie.slice(0, 1), ...tie.slice(0, 1), { id: 7n, name: 'old', at: 1 }]
    expect((await merge(equal)).plan).toMatchObject({ rowsInserted: 1, rowsUpdated: 0 })
  })

  it.each([
    ['one file', 1],
    ['several files', 3],
    ['plain rows', 0],
  ])('may have columns of the names that the reader of files has, from %s', async (_, parts) => {
    const schema = struct({ file_row_number: long(), File_Index: string(), filename: long() })
    const row = (i: number, text: string) => ({ file_row_number: BigInt(i), File_Index: text, filename: BigInt(i % 2) })
    const rows = (text: string, ...keys: number[]) => keys.map((i) => row(i, text))
    const [old, fresh] = [rows('old', 0, 1, 2, 3, 4, 5), rows('new', 3, 4, 5, 6, 7)]
    // The last part has columns in another order, which are found by name.
    const source = async () => {
      if (parts === 0) return fresh
      const paths: string[] = []
      for (let part = 0; part < parts; part++) {
        const names = ['file_row_number', 'File_Index', 'filename'].map((name) => `"${name}"`)
        if (part === parts - 1) names.reverse()
        const values = fresh.filter((__, i) => i % parts === part)
        const list = values.map((each) => `(${each.file_row_number}, '${each.File_Index}', ${each.filename})`)
        const path = join(place.folder, `named-${parts}-${part}.parquet`)
        await duckdb.run(
          `COPY (SELECT ${names.join(', ')} FROM (VALUES ${list.join(', ')}) v("file_row_number", "File_Index", "filename")) TO '${path}' (FORMAT parquet)`,
        )
        paths.push(path)
      }
      return files(paths)
    }
    // By turns all rows are taken, which are written before they are joined, and some.
    for (const condition of [undefined, 'source.file_row_number <> 4']) {
      const table = await tableOf(schema, old)
      const { metrics } = await table
        .merge(await source(), ['file_row_number'])
        .whenMatchedUpdateAll(condition === undefined ? {} : { condition })
        .whenNotMatchedInsertAll()
        .execute()
      const updated = condition === undefined ? [3, 4, 5] : [3, 5]
      expect(metrics).toMatchObject({ numTargetRowsUpdated: updated.length, numTargetRowsInserted: 2 })
      const kept = old.filter(({ file_row_number: key }) => !updated.includes(Number(key)))
      const changed = fresh.filter(({ file_row_number: key }) => updated.includes(Number(key)) || key > 5n)
      const text = (some: readonly object[]) => some.map((each) => Object.values(each).join(' ')).sort()
      expect(text(await table.rows())).toEqual(text([...kept, ...changed]))
    }
  })

  it.each([
    ['another rule', { onDuplicateSource: 'latest-by' }, ['id']],
    ['a rule without a column', { onDuplicateSource: {} }, ['id']],
    ['no condition', {}, { op: 'eq' }],
  ])('is refused with %s', async (_, options, on) => {
    const table = await tableOf(struct({ id: long(), name: string() }), [{ id: 1n, name: 'one' }])
    const merge = table.merge([{ id: 1n }], on as never, options as never).whenMatchedDelete()
    await expect(merge.execute()).rejects.toMatchObject({ code: 'InvalidArgument' })
  })
})
