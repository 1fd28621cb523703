import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishFiles } from '../../src/data-files/publish-files.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import { bindPredicate } from '../../src/expressions/bind.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import { predicateToSql } from '../../src/expressions/to-sql.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import type { StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { predicateOver } from '../support/arbitrary-predicate.js'
import { plainRows } from './support/plain-rows.js'
import { remoteView } from './support/remote-view.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

const T = parseSchemaText('id BIGINT, kind STRING, day DATE, s STRUCT<x: INT, y: STRING>, p STRING')
const U = parseSchemaText('uid BIGINT, ukind STRING, up STRING')

/** Queries over t and u with a condition on each, in every place where one can stand. */
const SHAPES: readonly ((t: string, u: string) => string)[] = [
  (t, u) => `SELECT count(*), sum(id), sum(uid) FROM t JOIN u ON id = uid WHERE ${t} AND ${u}`,
  (t, u) => `SELECT count(*), sum(id), sum(uid) FROM t JOIN u ON id = uid WHERE ${t} OR ${u}`,
  (t, u) => `SELECT count(*), sum(id), sum(uid) FROM t LEFT JOIN u ON id = uid AND ${u} WHERE ${t}`,
  (t, u) => `SELECT count(*), sum(id), sum(uid) FROM t LEFT JOIN u ON id = uid AND ${t} WHERE ${u}`,
  (t, u) => `SELECT count(*), sum(id), sum(uid) FROM t RIGHT JOIN u ON id = uid WHERE ${t} OR ${u}`,
  (t, u) => `SELECT count(*), sum(id), sum(uid) FROM t FULL JOIN u ON id = uid AND ${t} WHERE ${u}`,
  (t, u) => `SELECT count(*), sum(id) FROM t WHERE ${t} AND EXISTS (SELECT 1 FROM u WHERE uid = id AND ${u})`,
  (t, u) => `SELECT count(*), sum(id) FROM t WHERE ${t} AND NOT EXISTS (SELECT 1 FROM u WHERE uid = id AND ${u})`,
  (t, u) => `SELECT count(*), sum(id) FROM t WHERE ${t} OR id IN (SELECT uid FROM u WHERE ${u})`,
  (t, u) => `SELECT count(*), sum(id) FROM t WHERE id NOT IN (SELECT uid FROM u WHERE ${u}) AND ${t}`,
  (t, u) =>
    `SELECT count(*), sum(n) FROM (SELECT (SELECT count(*) FROM u WHERE uid = id AND ${u}) AS n FROM t WHERE ${t})`,
  (t, u) => `SELECT id FROM t WHERE ${t} UNION SELECT uid FROM u WHERE ${u} ORDER BY 1 LIMIT 20`,
  (t, u) => `SELECT id FROM t WHERE ${t} EXCEPT SELECT uid FROM u WHERE ${u} ORDER BY 1 LIMIT 20`,
  (t, u) =>
    `WITH c AS (SELECT * FROM t WHERE ${t}), d AS (SELECT * FROM u WHERE ${u}) SELECT count(*), sum(uid) FROM c a JOIN c b USING (id) LEFT JOIN d ON a.id = uid`,
  (t, u) =>
    `WITH c AS MATERIALIZED (SELECT * FROM t) SELECT count(*) FILTER (WHERE ${t}), (SELECT count(*) FROM u WHERE ${u}) FROM c`,
  (t, u) =>
    `SELECT p, count(*) AS n, max(r) FROM (SELECT *, row_number() OVER (PARTITION BY p ORDER BY id) AS r FROM t) WHERE ${t} GROUP BY p HAVING count(*) > (SELECT count(*) FROM u WHERE ${u}) / 1000 ORDER BY p`,
  (t, u) =>
    `SELECT count(*) FROM (SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY day, kind ORDER BY id) = 1) WHERE ${t} AND (SELECT count(*) FROM u WHERE ${u}) >= 0`,
  (t, u) => `SELECT count(*), sum(id) FROM t SEMI JOIN u ON id = uid AND ${u} WHERE ${t}`,
  (t, u) =>
    `SELECT id, kind FROM t ANTI JOIN (SELECT * FROM u WHERE ${u}) ON id = uid WHERE ${t} ORDER BY id, kind LIMIT 5`,
  (t, u) =>
    `SELECT s.x AS x, count(*) FROM t WHERE ${t} GROUP BY ALL HAVING count(*) > 0 AND EXISTS (SELECT 1 FROM u WHERE ${u}) ORDER BY x`,
]

let engine: QueryEngine
let folder: TableFolder
let oracle: DuckDBInstance
let connection: DuckDBConnection
let local: { readonly t: Snapshot; readonly u: Snapshot }
let remote: { readonly t: Snapshot; readonly u: Snapshot }
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, threads: 2 })
  folder = await tableFolder()
  oracle = await DuckDBInstance.create(':memory:')
  connection = await oracle.connect()
  await connection.run(`CREATE TABLE t AS SELECT i // 3 AS id, CASE WHEN i % 11 <> 0 THEN 'k' || (i // 70) END AS kind, DATE '2020-01-01' + (i // 100)::INTEGER AS day,
    CASE WHEN i % 13 <> 0 THEN {'x': (i // 60)::INTEGER, 'y': CASE WHEN i % 5 <> 0 THEN 'y' || (i % 3) END} END AS s, CASE WHEN i < 500 THEN 'p' || (i // 100) END AS p FROM range(600) r(i)`)
  await connection.run(
    `CREATE TABLE u AS SELECT CASE WHEN i % 17 <> 0 THEN i * 2 END AS uid, 'u' || (i // 40) AS ukind, 'p' || (i // 50) AS up FROM range(150) r(i)`,
  )
  local = { t: await publish('t', T, 'p'), u: await publish('u', U, 'up') }
  remote = { t: remoteView(local.t).snapshot, u: remoteView(local.u).snapshot }
})
afterAll(async () => {
  await engine.close()
  connection.closeSync()
  oracle.closeSync()
  await folder.remove()
})

async function publish(name: string, schema: StructType, partition: string): Promise<Snapshot> {
  const path = join(folder.path, `${name}.parquet`)
  await connection.run(`COPY ${name} TO '${path}' (FORMAT parquet)`)
  const target = { schema, partitionColumns: [partition], configuration: {} }
  const location = await openTableLocation(folder.path)
  const files: AddFile[] = await publishFiles(location, target, await engine.loadFiles([path], 'parquet', target))
  return folder.snapshot(schema, files, { partitionColumns: [partition] })
}

const conditionOn = (schema: StructType): fc.Arbitrary<string> =>
  predicateOver(schema)
    .filter((predicate) => isBindable(predicate, schema))
    .map((predicate) => predicateToSql(predicate, schema))

test('a query of any shape has the answer that DuckDB gives over the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SHAPES), conditionOn(T), conditionOn(U), async (shape, t, u) => {
      const sql = `SELECT to_json(q)::VARCHAR AS answer FROM (${shape(t, u)}) q`
      const expected = (await connection.runAndReadAll(sql)).getRows().map(([answer]) => answer)
      for (const tables of [local, remote]) {
        const rows = await plainRows(await engine.query(sql, tables))
        expect(rows.map(({ answer }) => answer)).toEqual(expected)
      }
    }),
    { numRuns: 40 },
  )
})

function isBindable(predicate: Predicate, schema: StructType): boolean {
  try {
    bindPredicate(predicate, schema)
    return true
  } catch {
    return false
  }
}
