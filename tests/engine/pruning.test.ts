import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishFiles } from '../../src/data-files/publish-files.js'
import { readScan } from '../../src/data-files/read-scan.js'
import type { WriteTarget } from '../../src/data-files/write-target.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import { bindPredicate } from '../../src/expressions/bind.js'
import { predicateToSql } from '../../src/expressions/to-sql.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import { inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { planScan } from '../../src/scan/plan-scan.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { predicateOver } from '../support/arbitrary-predicate.js'
import { plainRows } from './support/plain-rows.js'
import { remoteView } from './support/remote-view.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

const schema = parseSchemaText(
  'id BIGINT, kind STRING, day DATE, price DECIMAL(8,2), at TIMESTAMP, ratio DOUBLE, s STRUCT<x: INT, y: STRING>, p STRING',
)

let engine: QueryEngine
let table: TableFolder
let local: Snapshot
let remote: Snapshot
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, threads: 2 })
  table = await tableFolder()
  const target: WriteTarget = { schema, partitionColumns: ['p'], configuration: {}, rowGroupRows: 2048 }
  const location = await openTableLocation(table.path)
  const files: AddFile[] = []
  for (let part = 0; part < 6; part++) {
    const path = join(table.path, `source-${part}.parquet`)
    await sourceFile(path, part)
    files.push(...(await publishFiles(location, target, await engine.loadFiles([path], 'parquet', target))))
  }
  const masked = files.map((file, i) =>
    i % 3 === 0 ? { ...file, deletionVector: inlineDeletionVector(RowSet.of([0, 7, 8])) } : file,
  )
  local = await table.snapshot(schema, masked, { partitionColumns: ['p'] })
  remote = remoteView(local).snapshot
})
afterAll(async () => {
  await engine.close()
  await table.remove()
})

/** Each part covers a range of its own, with nulls, NaN and several row groups. */
async function sourceFile(path: string, part: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  await connection.run(`COPY (
    SELECT ${part * 1000} + i // 10 AS id, CASE WHEN i % 11 <> 0 THEN chr(97 + ${part}) || (i // 100) END AS kind,
      DATE '1969-12-20' + (${part * 10} + i // 500)::INTEGER AS day, ((${part} - 3) * 100 + i % 50)::DECIMAL(8,2) AS price,
      TIMESTAMPTZ '2020-01-01 00:00:00+00' + INTERVAL (${part * 3600} + i) SECOND AS at,
      CASE WHEN i % 97 = 0 THEN 'nan'::DOUBLE ELSE ${part} + i / 5000 END AS ratio,
      CASE WHEN i % 13 <> 0 THEN {'x': (${part} * 10 + i % 10)::INTEGER, 'y': CASE WHEN ${part} = 2 THEN NULL ELSE 'y' || (i % 3) END} END AS s,
      ${part === 5 ? 'NULL::VARCHAR' : `'p${part % 3}'`} AS p
    FROM range(5000) t(i)) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

test('a condition leaves the same rows whether files and row groups are skipped by it or not, locally and remotely, and when it is parsed', async () => {
  await fc.assert(
    fc.asyncProperty(predicateOver(schema), async (predicate) => {
      fc.pre(isBindable(() => bindPredicate(predicate, schema)))
      const sql = predicateToSql(predicate, schema)
      const whole = `SELECT count(*) FILTER (WHERE ${sql}) AS n, sum(id) FILTER (WHERE ${sql})::BIGINT AS s FROM t`
      const [expected] = await plainRows(await engine.query(whole, { t: local }))
      const skipping = `SELECT count(*) AS n, sum(id)::BIGINT AS s FROM t WHERE ${sql}`
      for (const t of [local, remote]) expect(await plainRows(await engine.query(skipping, { t }))).toEqual([expected])
      const parsed = await engine.parsePredicate(sql, schema)
      const plan = await planScan(local, { columns: ['id'], where: parsed })
      const batches = bindPredicate(parsed, schema).opaque ? (await engine.scan(plan)).batches() : readScan(plan)
      let rows = 0n
      for await (const batch of batches) rows += BigInt(batch.numRows)
      expect(rows).toBe(expected?.n)
    }),
    { numRuns: 40 },
  )
})

function isBindable(bind: () => unknown): boolean {
  try {
    bind()
    return true
  } catch {
    return false
  }
}
