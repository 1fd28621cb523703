import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { col, DeltaTable, date, integer, long, sql, string, struct } from '../../src/index.js'
import { openLocal, PLACES } from './places.js'

const Event = struct({ id: long(), kind: string(), at: struct({ x: integer(), y: integer() }) })
const VECTORS = { 'delta.enableDeletionVectors': 'true' }

let place: Awaited<ReturnType<typeof openLocal>>
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

async function events(
  properties: Record<string, string> = VECTORS,
  url: string = place.url(),
  storage = {},
): Promise<DeltaTable<typeof Event.Row>> {
  const table = await DeltaTable.create(url, { schema: Event, properties, storage })
  await table.append(Array.from({ length: 100 }, (_, i) => ({ id: BigInt(i), kind: `k${i % 4}`, at: { x: i, y: -i } })))
  return table
}

describe.each(PLACES)('row changes %s', (_, open) => {
  it('hide rows by deletion vectors, all in one file, and put new rows into new files', async () => {
    const here = await open()
    try {
      const table = await events(VECTORS, here.url(), here.storage)
      expect(await table.delete(col('kind').eq('k1'))).toMatchObject({
        version: 2,
        operation: 'DELETE',
        metrics: { numDeletedRows: 25, numDeletionVectorsAdded: 1, numAddedFiles: 0, numRemovedFiles: 0 },
      })
      expect(await table.update({ set: { kind: 'late' }, where: 'id >= 90' })).toMatchObject({
        operation: 'UPDATE',
        metrics: { numUpdatedRows: 8, numDeletionVectorsUpdated: 1, numAddedFiles: 1 },
      })
      const [late] = await table.rows({ where: "kind = 'late'", limit: 1 })
      expect(late?.kind).toBe('late')
      expect((await table.rows()).length).toBe(75)
      expect((await table.purge()).metrics).toMatchObject({ numDeletionVectorsRemoved: 1 })
      expect((await table.rows()).length).toBe(75)
      expect((await (await table.at({ version: 1 })).rows()).length).toBe(100)
    } finally {
      await here.close()
    }
  })
})

describe('delete', () => {
  it('removes a whole file where no row is left, and all without a condition', async () => {
    const table = await events()
    await table.append([{ id: 1000n, kind: 'new', at: null }])
    const result = await table.delete('id >= 1000')
    expect(result.metrics).toMatchObject({ numRemovedFiles: 1, numDeletionVectorsAdded: 0, numDeletedRows: 1 })
    await table.delete()
    expect(await table.rows()).toEqual([])
  })

  it('writes a file anew where its table has no deletion vectors, or most of it goes; rows keep their order', async () => {
    for (const [properties, rewriteShare, where] of [
      [{}, 0.75, 'id % 10 = 3'],
      [VECTORS, 0.75, 'id % 10 <> 3'],
      [VECTORS, 0.05, 'id % 10 = 3'],
    ] as const) {
      const table = await events(properties)
      const { plan } = await table.delete(where, { rewriteShare, dryRun: true })
      expect(plan).toMatchObject({ filesRewritten: 1, filesGivenDeletionVector: 0 })
      await table.delete(where, { rewriteShare })
      const ids = (await table.rows()).map(({ id }) => Number(id))
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
      expect(ids.length).toBe(plan?.rowsCopied)
    }
  })

  it('removes partitions without a look at their files', async () => {
    const schema = struct({ id: long(), day: string() })
    const table = await DeltaTable.create(place.url(), { schema, partitionBy: ['day'] })
    await table.append(['a', 'b', null].map((day, i) => ({ id: BigInt(i), day })))
    for await (const { path } of await table.files()) await rm(join(fileURLToPath(table.url), decodeURIComponent(path)))
    const { plan } = await table.delete("day <> 'a'", { dryRun: true })
    expect(plan).toMatchObject({ filesRemoved: 1, rowsDeleted: 1, scan: { kept: 1 } })
    expect((await table.delete("day <> 'a'")).metrics).toMatchObject({ numDeletedRows: 1, numRemovedFiles: 1 })
    expect((await table.delete()).metrics).toMatchObject({ numDeletedRows: 2, numRemovedFiles: 2 })
    expect(await table.rows()).toEqual([])
    expect(await table.delete()).toMatchObject({ skipped: true })
  })

  it('commits nothing where no row matches, and leaves no file behind where it fails', async () => {
    const table = await events()
    expect(await table.delete('id < 0')).toMatchObject({ skipped: true, version: 1 })
    const before = await readdir(fileURLToPath(table.url))
    await expect(table.update({ set: { id: sql("'x' || kind") } })).rejects.toMatchObject({ code: 'SchemaMismatch' })
    expect(await readdir(fileURLToPath(table.url))).toEqual(before)
    expect((await table.refresh()).version).toBe(1)
  })

  it('deletes other rows of the same file than another writer, and neither loses', async () => {
    const table = await events()
    const other = await DeltaTable.open(table.url)
    await Promise.all([table.delete('id < 10'), other.delete('id >= 90')])
    await table.refresh()
    expect((await table.rows()).length).toBe(80)
    expect(table.version).toBe(3)
  })

  it.each([
    ['no condition', 'id + 1', 'InvalidPredicate'],
    ['an unknown column', 'idd = 1', 'UnknownColumn'],
    ['a condition drawn by lot', 'id > random()', 'InvalidPredicate'],
  ])('refuses %s', async (_, where, code) => {
    const table = await events()
    await expect(table.delete(where)).rejects.toMatchObject({ code })
  })

  it('may ask for the time', async () => {
    const table = await events()
    await table.update({
      set: { kind: sql('CAST(year(now()) > 2000 AS VARCHAR)') },
      where: "id < 2 AND now() > TIMESTAMP '2000-01-01'",
    })
    expect((await table.rows({ where: "kind = 'true'" })).length).toBe(2)
  })
})

describe('update', () => {
  it('sets fields of structs and leaves their neighbours', async () => {
    const table = await events()
    await table.update({ set: { 'at.x': sql('at.y * 10'), kind: sql('kind || id') }, where: 'id = 7' })
    expect(await table.rows({ where: 'id = 7' })).toEqual([{ id: 7n, kind: 'k37', at: { x: -70, y: -7 } }])
    await table.update({ set: { at: null }, where: 'id = 7' })
    await table.update({ set: { at: { x: 1, y: null } }, where: 'id = 8' })
    expect((await table.rows({ where: 'id IN (7, 8)' })).map(({ at }) => at)).toEqual(
      expect.arrayContaining([null, { x: 1, y: null }]),
    )
  })

  it.each([
    ['a value of another type', { id: 'x' }, 'SchemaMismatch'],
    ['a value that loses digits', { id: 1.5 }, 'SchemaMismatch'],
    ['an unknown column', { kinds: 'x' }, 'UnknownColumn'],
    ['a column and its field', { at: null, 'at.x': 1 }, 'InvalidArgument'],
    ['nothing', {}, 'InvalidArgument'],
    ['a value too great', { 'at.x': sql('id * 10000000000') }, 'SchemaMismatch'],
  ])('refuses %s', async (_, set, code) => {
    const table = await events()
    await expect(table.update({ set: set as never })).rejects.toMatchObject({ code })
    expect((await table.refresh()).version).toBe(1)
  })
})

describe('conditions that compute', () => {
  const Odd = struct({ file_index: long(), 'a.b"c': string(), c0: long(), when: date(), Filename: string() })
  const Even = struct({ id: long(), 'a.b"c': string(), c0: long(), when: date() })

  it.each([
    ['as they are', Even, 'id', {}],
    ['with deletion vectors', Even, 'id', VECTORS],
    ['whose names the reader of files has too', Odd, 'file_index', VECTORS],
    ['under other names in the files', Even, 'id', { ...VECTORS, 'delta.columnMapping.mode': 'name' }],
  ] as const)('are asked of columns %s', async (_, schema, key, properties) => {
    const table = await DeltaTable.create(place.url(), { schema, properties })
    const rows = Array.from({ length: 60 }, (_row, i) => ({
      [key]: BigInt(i),
      'a.b"c': i % 7 === 0 ? null : `t${i % 5}`,
      c0: BigInt(i * 3),
      when: `20${String(i % 30).padStart(2, '0')}-01-01`,
      ...(schema === Odd && { Filename: 'a' }),
    }))
    for (let i = 0; i < 60; i += 20) await table.append(rows.slice(i, i + 20) as never)
    await table.update({
      set: { c0: sql(`c0 + ${key}`), 'a.b"c': sql('upper("a.b""c")') } as never,
      where: `${key} % 3 = 1 AND year("when") < 2020`,
    })
    await table.delete(`length("a.b""c") + ${key} % 2 = 3 OR c0 * 2 > 250`)
    const expected = rows
      .map((row, i) => {
        if (i % 3 !== 1 || i % 30 >= 20) return row
        return { ...row, c0: BigInt(i * 4), 'a.b"c': row['a.b"c']?.toString().toUpperCase() ?? null }
      })
      .filter((row, i) => (row['a.b"c'] === null || i % 2 === 0) && Number(row.c0) * 2 <= 250)
    const text = (all: readonly object[]): string[] =>
      all.map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, String(value)]))).sort()
    expect(text(await table.rows())).toEqual(text(expected))
  })

  it('fail with the row that they cannot be asked of, and nothing is changed', async () => {
    const table = await events()
    const where = 'CAST(kind AS INTEGER) = 1 AND at.x % 2 = 0'
    await expect(table.update({ set: { kind: 'x' }, where })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(table.delete(where)).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect((await table.refresh()).version).toBe(1)
  })
})
