import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { readScan } from '../../src/data-files/read-scan.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import { planScan } from '../../src/scan/plan-scan.js'
import type { DataType, StructField, StructType } from '../../src/schema/data-type.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { plainRows } from './support/plain-rows.js'
import { remoteView } from './support/remote-view.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

let engine: QueryEngine
let table: TableFolder
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20 })
  table = await tableFolder()
})
afterAll(async () => {
  await engine.close()
  await table.remove()
})

const mapped = (name: string, id: number, dataType: DataType, physical = `col-${id}`): StructField => ({
  name,
  dataType,
  nullable: true,
  metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': physical },
})
const long: DataType = { type: 'long' }
const text: DataType = { type: 'string' }
const struct = (...fields: StructField[]): StructType => ({ type: 'struct', fields })

describe.each(['name', 'id'])('columns mapped by %s', (mode) => {
  const schema = struct(
    mapped('id', 1, long),
    mapped('renamed', 2, text),
    mapped('S p.a"c', 3, struct(mapped('inner', 4, long), mapped('added', 5, text))),
    mapped('list', 6, { type: 'array', elementType: struct(mapped('k', 7, long)), containsNull: true }),
    mapped('map', 8, { type: 'map', keyType: text, valueType: struct(mapped('v', 9, long)), valueContainsNull: true }),
    mapped('p', 10, text),
    mapped('new', 11, long),
  )
  let snapshot: Snapshot
  beforeAll(async () => {
    const select = `SELECT i AS "col-1", 'n' || i AS "col-2", CASE WHEN i <> 1 THEN {'col-4': i} END AS "col-3", [{'col-7': i}, NULL] AS "col-6", MAP {'a': {'col-9': i}} AS "col-8", 5 AS dropped FROM range(3) t(i)`
    const ids = `{"col-1": 1, "col-2": 2, "col-3": {__duckdb_field_id: 3, "col-4": 4}, "col-6": {__duckdb_field_id: 6, element: {__duckdb_field_id: 60, "col-7": 7}}, "col-8": {__duckdb_field_id: 8, key: 80, value: {__duckdb_field_id: 81, "col-9": 9}}, dropped: 99}`
    const file = await table.write(`${mode}/1.parquet`, select, {
      partition: { 'col-10': 'part' },
      more: `, FIELD_IDS ${ids}`,
    })
    snapshot = await table.snapshot(schema, [file], {
      partitionColumns: ['p'],
      configuration: { 'delta.columnMapping.mode': mode },
    })
  })

  test('are read under their names, at every depth, locally and remotely', async () => {
    const sql = `SELECT id, renamed, "S p.a""c"::VARCHAR AS s, list::VARCHAR AS l, map::VARCHAR AS m, p, new FROM t WHERE p = 'part' AND "S p.a""c".inner IS DISTINCT FROM 2 ORDER BY id`
    const expected = [
      {
        id: 0n,
        renamed: 'n0',
        s: "{'inner': 0, 'added': NULL}",
        l: "[{'k': 0}, NULL]",
        m: "{a={'v': 0}}",
        p: 'part',
        new: null,
      },
      { id: 1n, renamed: 'n1', s: null, l: "[{'k': 1}, NULL]", m: "{a={'v': 1}}", p: 'part', new: null },
    ]
    for (const t of [snapshot, remoteView(snapshot).snapshot])
      expect(await plainRows(await engine.query(sql, { t }))).toEqual(expected)
  })

  test('are the same through both paths', async () => {
    const arrow: unknown[] = []
    for await (const batch of readScan(await planScan(snapshot))) arrow.push(...decodeRows(batch, schema))
    const sql: unknown[] = []
    const result = await engine.scan(await planScan(snapshot))
    for await (const batch of result.batches()) sql.push(...decodeRows(batch, schema))
    expect(sql).toEqual(arrow)
  })
})

test('a struct whose fields were all replaced is read as what is left of it', async () => {
  const now = struct(mapped('id', 1, long), mapped('s', 2, struct(mapped('b', 4, text))))
  const old: AddFile = await table.write(
    'foreign/1.parquet',
    'SELECT 1::BIGINT AS "col-1", {\'col-3\': 7} AS "col-2" UNION ALL SELECT 2, NULL',
  )
  const fresh: AddFile = await table.write(
    'foreign/2.parquet',
    'SELECT 3::BIGINT AS "col-1", {\'col-4\': \'b\'} AS "col-2"',
  )
  const configuration = { 'delta.columnMapping.mode': 'name' }
  const snapshot = await table.snapshot(now, [old, fresh], { configuration })
  const rows = await plainRows(
    await engine.query('SELECT id, s IS NULL AS gone, s.b FROM t ORDER BY id', { t: snapshot }),
  )
  expect(rows).toEqual([
    { id: 1n, gone: false, b: null },
    { id: 2n, gone: true, b: null },
    { id: 3n, gone: false, b: 'b' },
  ])
  expect(await plainRows(await engine.query('SELECT sum(id)::BIGINT AS n FROM t', { t: snapshot }))).toEqual([
    { n: 6n },
  ])
  const written = await engine.rewriteFiles(snapshot, [old, fresh], {
    schema: now,
    partitionColumns: [],
    configuration,
  })
  expect(written.map(({ numRows }) => numRows)).toEqual([3])
})
