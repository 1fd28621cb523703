import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { array, DeltaTable, integer, isDeltaError, long, sql, string, struct } from '../../../src/index.js'
import { bytesSource } from '../../../src/parquet/bytes-source.js'
import { openParquet } from '../../../src/parquet/open-parquet.js'
import { openLocal, type Place } from '../places.js'

const Event = struct({
  id: long(),
  kind: string(),
  n: integer(),
  nested: struct({ x: integer(), list: array(struct({ y: integer() })) }),
})

const rows = Array.from({ length: 40 }, (_, i) => ({
  id: BigInt(i),
  kind: i % 4 === 0 ? null : `kind ${i % 3}`,
  n: i % 5 === 0 ? null : i,
  nested: i % 7 === 0 ? null : { x: i, list: [{ y: i }, { y: null }] },
}))

function sorted(table: DeltaTable): Promise<unknown[]> {
  return table.rows().then((all) => all.sort((a, b) => Number(a.id) - Number(b.id)))
}

async function dataFiles(url: string): Promise<string[]> {
  return (await readdir(fileURLToPath(url), { recursive: true })).filter((name) =>
    /(?<!checkpoint)\.parquet$/.test(name),
  )
}

/** Whose columns have other names in files than now, with rows that deletion vectors hide. */
async function mappedTable(url: string, mode: string, properties: { [key: string]: string } = {}): Promise<DeltaTable> {
  const table: DeltaTable = await DeltaTable.create(url, {
    schema: Event,
    partitionBy: ['kind'],
    properties: { 'delta.columnMapping.mode': mode, 'delta.enableDeletionVectors': 'true', ...properties },
  })
  await table.append(rows.slice(0, 25))
  await table.append(rows.slice(25))
  await table.delete('id % 10 = 3')
  await table.alter.renameColumn('n', 'number')
  await table.alter.renameColumn('kind', 'sort')
  await table.alter.renameColumn(['nested', 'x'], 'z')
  return table
}

const left = rows
  .filter(({ id }) => id % 10n !== 3n)
  .map(({ id, kind, n, nested }) => ({
    id,
    sort: kind,
    number: n,
    nested: nested && { z: nested.x, list: nested.list },
  }))

describe.each(['name', 'id'])('column mapping by %s', (mode) => {
  let place: Place
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  it('is set to none while row ids are asked for: files are written anew once', async () => {
    const table = await mappedTable(place.url(), mode)
    const before = await dataFiles(table.url)
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'none', 'delta.enableRowTracking': 'true' })
    expect(await sorted(table)).toEqual(left)
    const ids = (await table.rows({ columns: ['_metadata'] })).map(
      (row) => (row._metadata as { row_id: bigint }).row_id,
    )
    expect(new Set(ids).size).toBe(left.length)
    const { counts } = await table.files()
    expect((await dataFiles(table.url)).length).toBe(before.length + counts.total)
    expect(Object.keys((await DeltaTable.open(table.url)).metadata.configuration).join()).not.toContain('columnMapping')
  })

  it('is dropped: files are written anew with the names of the columns, and no row changes', async () => {
    const table = await mappedTable(place.url(), mode, { 'delta.enableRowTracking': 'true' })
    const ids = async (): Promise<unknown[]> =>
      (await table.rows({ columns: ['id', '_metadata'] })).sort((a, b) => Number(a.id) - Number(b.id))
    const [before, idsBefore] = [table.version, await ids()]
    await table.alter.dropFeature('columnMapping')
    expect(await sorted(table)).toEqual(left)
    expect(await ids()).toEqual(idsBefore)

    const reopened: DeltaTable = await DeltaTable.open(table.url)
    expect(await sorted(reopened)).toEqual(left)
    expect(reopened.protocol.readerFeatures).not.toContain('columnMapping')
    expect(reopened.protocol.writerFeatures).not.toContain('columnMapping')
    expect(Object.keys(reopened.metadata.configuration).join()).not.toContain('columnMapping')
    expect(reopened.metadata.schemaString).not.toContain('columnMapping')
    for await (const { path, numDeletedRows } of await reopened.files()) {
      const bytes = await readFile(join(fileURLToPath(table.url), decodeURIComponent(path)))
      const { schema } = await openParquet(bytesSource(path, bytes))
      expect(schema.fields.slice(0, 3).map(({ name }) => name)).toEqual(['id', 'number', 'nested'])
      expect(numDeletedRows).toBe(0)
    }
    // Older versions are read by the names of then.
    const old: DeltaTable = await DeltaTable.open(table.url, { version: before })
    expect(await sorted(old)).toEqual(left)
    expect((await DeltaTable.open(table.url, { version: 2 })).schema.fields[1]?.name).toBe('kind')

    await reopened.append([{ id: 100n, sort: 'new', number: 1, nested: null }])
    await reopened.update({ set: { number: sql('number + 1') } as never, where: "sort = 'new'" })
    expect(await reopened.rows({ where: 'id = 100' })).toEqual([{ id: 100n, sort: 'new', number: 2, nested: null }])
    const change = (await reopened.history()).find(({ operation }) => operation === 'UNSET TBLPROPERTIES')
    expect(Number(change?.operationMetrics.numRemovedFiles)).toBeGreaterThan(1)
  })

  it('is turned off by the property, and on again', async () => {
    const table = await mappedTable(place.url(), mode)
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'none', 'user.note': 'x' })
    expect(await sorted(table)).toEqual(left)
    expect(table.metadata.configuration).toEqual({ 'delta.enableDeletionVectors': 'true', 'user.note': 'x' })
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'none' })
    expect(await sorted(table)).toEqual(left)
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'name' })
    await table.alter.renameColumn('number', 'again')
    expect(await sorted(table)).toEqual(left.map(({ number, ...row }) => ({ ...row, again: number })))
  })

  it('does not lose rows that others add in the meantime', async () => {
    const table = await mappedTable(place.url(), mode)
    const other: DeltaTable = await DeltaTable.open(table.url)
    const late = { id: 200n, sort: 'late', number: 3, nested: null }
    await other.append([late])
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'none' })
    expect(await sorted(table)).toEqual([...left, late])

    const refusal = await other.append([{ ...late, id: 201n }]).catch((error: unknown) => error)
    if (refusal instanceof Error) expect(isDeltaError(refusal) && refusal.kind).toBe('conflict')
    await table.refresh()
    const there = await sorted(table)
    expect(there).toEqual(refusal instanceof Error ? [...left, late] : [...left, late, { ...late, id: 201n }])
  })
})

describe('a version from before column mapping was dropped', () => {
  let place: Place
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  it('can be restored, and the one after it again', async () => {
    const table = await mappedTable(place.url(), 'name')
    const mapped = table.version
    await table.alter.dropFeature('columnMapping')
    const dropped = table.version
    const late = { id: 300n, sort: 'z', number: 1, nested: null }
    await table.restore({ version: mapped })
    await table.append([late])
    expect(await sorted(table)).toEqual([...left, late])
    expect(table.metadata.configuration).toMatchObject({
      'delta.columnMapping.mode': 'name',
      'delta.requireCheckpointProtectionBeforeVersion': String(dropped),
    })
    await table.restore({ version: dropped })
    await table.append([late])
    expect(await sorted(await DeltaTable.open(table.url))).toEqual([...left, late])
    expect(table.metadata.configuration).not.toHaveProperty('delta.columnMapping.mode')
  })
})

describe('column mapping stays', () => {
  let place: Place
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  it('where names need it', async () => {
    const table: DeltaTable = await DeltaTable.create(place.url(), {
      schema: struct({ 'a b': integer() }),
      properties: { 'delta.columnMapping.mode': 'name' },
    })
    await table.append([{ 'a b': 1 }])
    await expect(table.alter.dropFeature('columnMapping')).rejects.toMatchObject({ code: 'InvalidSchema' })
    expect((await DeltaTable.open(table.url)).version).toBe(1)
  })

  it('while a table is clustered', async () => {
    const table: DeltaTable = await DeltaTable.create(place.url(), {
      schema: struct({ a: integer() }),
      properties: { 'delta.columnMapping.mode': 'name' },
    })
    await table.append([{ a: 1 }])
    await table.alter.clusterBy(['a'])
    await expect(table.alter.dropFeature('columnMapping')).rejects.toThrow('cluster it by no column first')
    await table.alter.clusterBy([])
    await table.alter.dropFeature('columnMapping')
    expect(await table.rows()).toEqual([{ a: 1 }])
  })

  it('for readers of changes: those from before a rename are refused, others are read', async () => {
    const table: DeltaTable = await DeltaTable.create(place.url(), {
      schema: struct({ a: integer() }),
      properties: { 'delta.enableChangeDataFeed': 'true' },
    })
    await table.append([{ a: 1 }])
    await table.alter.setProperties({ 'delta.columnMapping.mode': 'name' })
    await table.append([{ a: 2 }])
    await table.alter.dropFeature('columnMapping')
    await table.update({ set: { a: 3 } as never, where: 'a = 2' })
    const changes = await table.changes({ from: 0 }).rows()
    expect(changes.map(({ a, _change_type }) => [a, _change_type]).sort()).toEqual([
      [1, 'insert'],
      [2, 'insert'],
      [2, 'update_preimage'],
      [3, 'update_postimage'],
    ])
    const renamed = await mappedTable(place.url(), 'name', { 'delta.enableChangeDataFeed': 'true' })
    await renamed.alter.dropFeature('columnMapping')
    await expect(renamed.changes({ from: 1 }).rows()).rejects.toSatisfy((error) => isDeltaError(error))
  })
})
