import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, type Row } from '../../src/index.js'
import type { PeerProcess } from './peer-process.js'
import { type PeerReader, PeerSession, rowsHere } from './peer-session.js'
import { openSpark, sparkWanted } from './spark-session.js'

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

/** A table that was altered in every way that files outlive, and who reads such tables. */
interface AlteredTable {
  readonly name: string
  readonly readers: readonly PeerReader[]
  make(path: string): Promise<DeltaTable>
}

const rows: readonly Row[] = [
  { id: 1, kind: 'a', place: { city: 'Ulm', zip: 7 } },
  { id: 2, kind: null, place: null },
]

async function newTable(path: string, properties: Record<string, string> = {}): Promise<DeltaTable> {
  const schema = 'id INT, kind STRING, place STRUCT<city: STRING, zip: INT>'
  const table: DeltaTable = await DeltaTable.create(path, { schema, properties })
  await table.append(rows)
  return table
}

const TABLES: readonly AlteredTable[] = [
  {
    name: 'merged-schema',
    readers: ['deltalake', 'pyarrow', 'polars', 'duckdb'],
    async make(path) {
      const table = await newTable(path)
      await table.append([{ id: 3, score: 1.5, tags: ['x', null], place: { city: 'B', open: true } }], {
        mergeSchema: true,
      })
      await table.alter.addColumns('note STRING', { position: { after: 'id' } })
      await table.alter.moveColumn('kind', 'first')
      await table.alter.setNullable('id', false)
      await table.alter.setComment('kind', "what's happened")
      return table
    },
  },
  {
    name: 'enabled-later',
    readers: ['deltalake', 'polars', 'duckdb'],
    async make(path) {
      const table = await newTable(path)
      await table.alter.setProperties({ 'delta.enableRowTracking': 'true', 'delta.enableInCommitTimestamps': 'true' })
      await table.alter.setProperties({ 'delta.enableChangeDataFeed': 'true', 'delta.enableDeletionVectors': 'true' })
      await table.alter.addConstraint('positive', 'id > 0')
      await table.alter.describe({ name: 'events', description: 'of the day' })
      await table.append([{ id: 3, kind: 'c' }])
      return table
    },
  },
  {
    name: 'mapped-later',
    readers: ['deltalake', 'duckdb'],
    async make(path) {
      const table = await newTable(path)
      await table.alter.setProperties({ 'delta.columnMapping.mode': 'name' })
      await table.alter.renameColumn('kind', 'type of it')
      await table.alter.renameColumn('place.zip', 'code')
      await table.alter.dropColumn('place.city')
      await table.append([{ id: 3, 'type of it': 'c', place: { code: 8 } }])
      await table.append([{ id: 4, extra: 1n }], { mergeSchema: true })
      return table
    },
  },
  {
    name: 'widened',
    readers: ['duckdb'],
    async make(path) {
      const table = await newTable(path, { 'delta.enableTypeWidening': 'true' })
      await table.alter.changeType('id', 'BIGINT')
      await table.alter.changeType('place.zip', 'BIGINT')
      await table.append([{ id: 2n ** 40n, kind: 'wide', place: { city: 'B', zip: 2n ** 50n } }])
      return table
    },
  },
  {
    name: 'materialized-partitions',
    readers: ['deltalake', 'pyarrow', 'polars', 'duckdb'],
    async make(path) {
      const table: DeltaTable = await DeltaTable.create(path, {
        schema: 'id INT, kind STRING, day DATE',
        partitionBy: ['kind', 'day'],
      })
      await table.append([{ id: 1, kind: 'a', day: '2026-01-01' }])
      await table.alter.setProperties({ 'delta.enableMaterializePartitionColumnsFeature': 'true' })
      await table.alter.setDefault('day', 'CURRENT_DATE()')
      await table.append([{ id: 2, kind: null, day: null }])
      await table.append([{ id: 3, kind: 'a', day: '2026-01-01' }])
      return table
    },
  },
  {
    name: 'dropped-feature',
    readers: ['deltalake', 'pyarrow', 'polars', 'duckdb'],
    async make(path) {
      const table = await newTable(path, {
        'delta.checkpointPolicy': 'v2',
        'delta.enableDeletionVectors': 'true',
        'delta.enableRowTracking': 'true',
      })
      await table.delete('id = 2')
      await table.checkpoint()
      await table.purge()
      await table.alter.dropFeature('deletionVectors')
      await table.alter.dropFeature('v2Checkpoint')
      await table.alter.dropFeature('rowTracking')
      await table.append([{ id: 3, kind: 'c' }])
      return table
    },
  },
  {
    name: 'dropped-mapping',
    readers: ['deltalake', 'pyarrow', 'polars', 'duckdb'],
    async make(path) {
      const table: DeltaTable = await DeltaTable.create(path, {
        schema: 'id INT, kind STRING, place STRUCT<city: STRING, zip: INT>',
        partitionBy: ['kind'],
        properties: { 'delta.columnMapping.mode': 'id', 'delta.enableDeletionVectors': 'true' },
      })
      await table.append([...rows, { id: 9, kind: 'a', place: null }])
      await table.alter.renameColumn('kind', 'sort')
      await table.alter.renameColumn('place.zip', 'code')
      await table.delete('id = 9')
      await table.alter.dropFeature('columnMapping')
      await table.alter.setProperties({ 'delta.enableDeletionVectors': 'false' })
      await table.alter.dropFeature('deletionVectors')
      await table.append([{ id: 3, sort: 'c', place: { city: 'X', code: 1 } }])
      return table
    },
  },
]

describe.each(TABLES)('a table that was altered here ($name)', ({ name, readers, make }) => {
  it('has the same rows for those who read such tables', async () => {
    const path = join(session.folder, name)
    await make(path)
    const here = sorted(await rowsHere(path))
    for (const reader of readers) {
      expect([reader, sorted(await session.rowsThere(reader, path))]).toEqual([reader, here])
    }
  })
})

describe.runIf(sparkWanted)('Spark', () => {
  let spark: PeerProcess
  beforeAll(() => {
    spark = openSpark()
  })
  afterAll(() => spark.close())

  const sql = (text: string): Promise<{ rows: unknown[][] }> => spark.ask({ sql: text })

  it.each(TABLES)('reads it, alters it and goes on ($name)', async ({ name, make }) => {
    const path = join(session.folder, `${name} for spark`)
    const table = await make(path)
    const there = async (): Promise<unknown> => {
      const out = session.newFile()
      await spark.ask({ sql: `SELECT * FROM delta.\`${path}\``, out })
      return sorted(await session.rowsOf(out))
    }
    expect(await there()).toEqual(sorted(await rowsHere(path)))
    await sql(`ALTER TABLE delta.\`${path}\` ADD COLUMNS (spark STRING)`)
    await sql(`INSERT INTO delta.\`${path}\` (id, spark) VALUES (100, 'spark')`)
    await sql(`UPDATE delta.\`${path}\` SET spark = 'changed' WHERE id = 1`)
    await table.refresh()
    await table.append([{ id: 101, spark: 'here' }])
    expect(await there()).toEqual(sorted(await rowsHere(path)))
    const operations = (await sql(`DESCRIBE HISTORY delta.\`${path}\``)).rows.map((row) => row[4])
    expect(operations.length).toBe(table.version + 1)
  })

  it('keeps to our constraint', async () => {
    const constrained = join(session.folder, 'constrained for spark')
    await (await newTable(constrained)).alter.addConstraint('positive', 'id > 0')
    await expect(sql(`INSERT INTO delta.\`${constrained}\` (id) VALUES (-1)`)).rejects.toThrow(/CHECK constraint/i)
  })
})

function sorted(table: {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}): unknown {
  const key = table.columns.indexOf('id')
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each))
  const rows = [...table.rows].sort((a, b) => Number(a[key]) - Number(b[key])).map(text)
  return { columns: table.columns, rows }
}
