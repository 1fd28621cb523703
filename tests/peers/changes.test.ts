import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../src/expressions/sql-expression.js'
import { col, DeltaTable, type Row } from '../../src/index.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { arrowRows } from '../conformance/arrow-rows.js'
import type { PlainRows } from '../conformance/plain-value.js'
import { rowDifference } from '../conformance/row-difference.js'
import type { StructJson } from '../conformance/schema-json.js'
import type { PeerProcess } from './peer-process.js'
import { PeerSession } from './peer-session.js'
import { openSpark, sparkWanted } from './spark-session.js'

const SCHEMA: StructJson = {
  type: 'struct',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'kind', type: 'string' },
    { name: 'amount', type: 'decimal(10,2)' },
    { name: 'at', type: 'timestamp' },
  ],
}

/** The rows of a change data feed. */
const CHANGES: StructJson = {
  type: 'struct',
  fields: [
    ...SCHEMA.fields,
    { name: '_change_type', type: 'string' },
    { name: '_commit_version', type: 'long' },
    { name: '_commit_timestamp', type: 'timestamp' },
  ],
}

/** deltalake takes the time of a commit from its commitInfo, Spark and we from its file. */
const WITHOUT_TIME: StructJson = { ...CHANGES, fields: CHANGES.fields.slice(0, -1) }

const RECORDED = { 'delta.enableChangeDataFeed': 'true' }

function rows(from: number, count: number, kinds: readonly (string | null)[]): Row[] {
  return Array.from({ length: count }, (_, i) => {
    const id = from + i
    return { id: BigInt(id), kind: kinds[id % 3] ?? null, amount: `${id}.25`, at: new Date(id * 1e9) }
  })
}

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

/** What deltalake cannot find the change data of: it does not decode the paths of files when it reads changes. */
const AWKWARD: readonly (string | null)[] = ['a b', 'c%d', null]
const PLAIN: readonly (string | null)[] = ['a', 'c', null]

/** A table that rows came into, changed in, and went from. */
async function changed(
  path: string,
  kinds: readonly (string | null)[],
  properties: { [key: string]: string } = {},
): Promise<DeltaTable> {
  const schema = parseSchemaText('id BIGINT, kind STRING, amount DECIMAL(10, 2), at TIMESTAMP')
  const options = { schema, partitionBy: ['kind'], properties: { ...RECORDED, ...properties } }
  const table = await DeltaTable.create<Row>(path, options)
  await table.append(rows(0, 12, kinds))
  await table.update({ where: 'id % 4 = 1', set: { amount: sql('amount + 1'), kind: kinds[0] ?? null } })
  await table.optimize()
  await table.delete('id < 3')
  await table
    .merge(rows(7, 8, [...kinds].reverse()), ['id'])
    .whenMatchedUpdateAll()
    .whenNotMatchedInsertAll()
    .whenNotMatchedBySourceDelete({ condition: 'target.id = 4' })
    .execute()
  await table.delete(col('kind').eq(kinds[1] ?? ''))
  return table
}

async function ours(table: DeltaTable, from: number): Promise<PlainRows> {
  return arrowRows(table.changes({ from }), undefined)
}

describe('changes that were recorded here', () => {
  it('are the same for deltalake', async () => {
    const path = join(session.folder, 'ours')
    const table = await changed(path, PLAIN)
    expect(
      rowDifference(await theirs(path, 0, table.version), untimed(await ours(table, 0)), WITHOUT_TIME),
    ).toBeUndefined()
  })
})

describe('changes that deltalake recorded', () => {
  it('are the same here', async () => {
    const path = join(session.folder, 'theirs')
    const source = join(session.folder, 'source')
    const table = await DeltaTable.create<Row>(source, {
      schema: parseSchemaText('id BIGINT, kind STRING, amount DECIMAL(10, 2), at TIMESTAMP'),
    })
    await table.append(rows(0, 12, PLAIN))
    await session.ask('write', {
      table: path,
      rows: await session.copyOf('pyarrow', source),
      partition_by: ['kind'],
      configuration: RECORDED,
    })
    await session.ask('update', {
      table: path,
      where: 'id % 4 = 1',
      values: { amount: 'amount + 1', kind: "'moved'" },
    })
    await session.ask('delete', { table: path, where: 'id < 3' })
    await table.overwrite(rows(10, 5, PLAIN))
    await session.ask('merge', {
      table: path,
      rows: await session.copyOf('pyarrow', source),
      on: 'target.id = source.id',
    })
    const found = await DeltaTable.open(path)
    expect(found.version).toBe(3)
    expect(rowDifference(await theirs(path, 0, 3), untimed(await ours(found, 0)), WITHOUT_TIME)).toBeUndefined()
  })
})

describe.runIf(sparkWanted)('Spark', () => {
  let spark: PeerProcess
  beforeAll(() => {
    spark = openSpark()
  })
  afterAll(() => spark.close())

  const VARIANTS: readonly (readonly [name: string, properties: { [key: string]: string }])[] = [
    ['with files rewritten', {}],
    ['with deletion vectors', { 'delta.enableDeletionVectors': 'true' }],
    ['with columns mapped by name', { 'delta.enableDeletionVectors': 'true', 'delta.columnMapping.mode': 'name' }],
    ['with columns mapped by id', { 'delta.columnMapping.mode': 'id' }],
  ]

  it.each(VARIANTS)('sees the changes that we see, %s, and we see its own', async (name, properties) => {
    const path = join(session.folder, `spark ${name}`)
    const table = await changed(path, AWKWARD, properties)
    expect(rowDifference(await inSpark(path, 0), await ours(table, 0), CHANGES)).toBeUndefined()
    const delta = `delta.\`${path}\``
    const next = table.version + 1
    await spark.ask({ sql: `UPDATE ${delta} SET amount = 0, kind = 'by spark' WHERE id = 9` })
    await spark.ask({ sql: `DELETE FROM ${delta} WHERE id IN (3, 5)` })
    await spark.ask({ sql: `INSERT INTO ${delta} VALUES (100, 'new', 1, TIMESTAMP '2026-01-01 00:00:00')` })
    await table.refresh()
    expect(table.version).toBe(next + 2)
    expect(rowDifference(await inSpark(path, next), await ours(table, next), CHANGES)).toBeUndefined()
  })

  async function inSpark(path: string, from: number): Promise<PlainRows> {
    const out = session.newFile()
    await spark.ask({ sql: `SELECT * FROM table_changes_by_path('${path}', ${from})`, out })
    return session.rowsOf(out)
  }
})

async function theirs(table: string, start: number, end: number): Promise<PlainRows> {
  const out = session.newFile()
  await session.ask('changes', { table, out, start, end })
  return session.rowsOf(out)
}

function untimed({ columns, rows: all }: PlainRows): PlainRows {
  return { columns: columns.slice(0, -1), rows: all.map((row) => row.slice(0, -1)) }
}
