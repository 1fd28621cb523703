import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrowSchema } from '../../src/arrow/arrow-schema.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { readScan } from '../../src/data-files/read-scan.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import { inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { planScan } from '../../src/scan/plan-scan.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { plainRows } from './support/plain-rows.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

const schema = parseSchemaText('id INT, v VARIANT, l ARRAY<VARIANT>, p STRING')
const stored = parseSchemaText('id INT, v VARIANT, l ARRAY<VARIANT>')
const ROWS = [
  { id: 1, v: { a: 1, b: [1, 2.5, null] }, l: [1, 'x'] },
  { id: 2, v: 'gone', l: null },
  { id: 3, v: 9007199254740993n, l: [] },
  { id: 4, v: true, l: [{ deep: { er: 'text' } }] },
]

let engine: QueryEngine
let table: TableFolder
let snapshot: Snapshot
let file: AddFile
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20 })
  table = await tableFolder()
  const bytes = await encodeParquet([encodeRows(ROWS, stored)], { schema: arrowSchema(stored) })
  await writeFile(join(table.path, 'v.parquet'), bytes)
  file = {
    type: 'add',
    path: 'v.parquet',
    partitionValues: { p: 'one' },
    size: bytes.byteLength,
    modificationTime: 0,
    dataChange: true,
    deletionVector: inlineDeletionVector(RowSet.of([1])),
  }
  snapshot = await table.snapshot(schema, [file], { partitionColumns: ['p'] })
})
afterAll(async () => {
  await engine.close()
  await table.remove()
})

test('variants are JSON in SQL', async () => {
  const result = await engine.query(
    "SELECT id, v, v ->> '$.a' AS a, l[1] ->> '$.deep.er' AS deep, p FROM t WHERE p = 'one' ORDER BY id",
    { t: snapshot },
  )
  expect(await plainRows(result)).toEqual([
    { id: 1, v: '{"a":1,"b":[1,2.5,null]}', a: '1', deep: null, p: 'one' },
    { id: 3, v: '9007199254740993', a: null, deep: null, p: 'one' },
    { id: 4, v: 'true', a: null, deep: 'text', p: 'one' },
  ])
})

test('columns beside variants are read without them', async () => {
  expect(await plainRows(await engine.query('SELECT sum(id)::INT AS s FROM t', { t: snapshot }))).toEqual([{ s: 8 }])
})

test('a scan with a condition in SQL delivers them', async () => {
  const plan = await planScan(snapshot, {
    columns: ['id'],
    where: await engine.parsePredicate("v ->> '$.a' = '1'", schema),
  })
  expect(await plainRows(await engine.scan(plan))).toEqual([{ id: 1 }])
  const whole = await planScan(snapshot, {
    columns: ['v', 'p'],
    where: await engine.parsePredicate("l[1] ->> '$.deep.er' = 'text'", schema),
  })
  const result = await engine.scan(whole)
  const rows: unknown[] = []
  for await (const batch of result.batches()) rows.push(...decodeRows(batch, whole.schema))
  expect(rows).toEqual([{ v: true, p: 'one' }])
})

test('rewritten files have the same', async () => {
  const written = await engine.rewriteFiles(snapshot, [file], { schema, partitionColumns: ['p'], configuration: {} })
  expect(written.map(({ numRows, partitionValues }) => ({ numRows, partitionValues }))).toEqual([
    { numRows: 3, partitionValues: { p: 'one' } },
  ])
  const [only] = written
  const add: AddFile = {
    type: 'add',
    path: `file://${only?.localPath}`,
    partitionValues: { p: 'one' },
    size: only?.size ?? 0,
    modificationTime: 0,
    dataChange: true,
  }
  const rewritten = await table.snapshot(schema, [add], { partitionColumns: ['p'] })
  const rows: unknown[] = []
  for await (const batch of readScan(await planScan(rewritten))) rows.push(...decodeRows(batch, schema))
  expect(rows).toEqual(ROWS.filter(({ id }) => id !== 2).map((row) => ({ ...row, p: 'one' })))
})

test('files are not loaded into them', async () => {
  const target = { schema, partitionColumns: [], configuration: {} }
  await expect(engine.loadFiles([join(table.path, 'v.parquet')], 'parquet', target)).rejects.toMatchObject({
    code: 'UnsupportedType',
  })
})
