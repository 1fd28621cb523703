import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WriteTarget, WrittenFile } from '../../src/data-files/write-target.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import { inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { planScan } from '../../src/scan/plan-scan.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { plainRows } from './support/plain-rows.js'
import { remoteView } from './support/remote-view.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

let engine: QueryEngine
let table: TableFolder
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, threads: 2 })
  table = await tableFolder()
})
afterAll(async () => {
  await engine.close()
  await table.remove()
})

async function ids(files: readonly WrittenFile[]): Promise<number[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const found: number[] = []
  for (const { localPath } of files) {
    const reader = await connection.runAndReadAll(
      `SELECT id FROM read_parquet('${localPath}', hive_partitioning = false)`,
    )
    found.push(...reader.getRows().map(([id]) => Number(id)))
  }
  connection.closeSync()
  instance.closeSync()
  return found
}

test.each(['local', 'remote'])(
  'files are joined in order, without the rows of deletion vectors (%s)',
  async (place) => {
    const schema = parseSchemaText('id BIGINT, added STRING')
    const files = []
    for (let i = 0; i < 12; i++) {
      const dv =
        i % 3 === 1 ? { dv: inlineDeletionVector(RowSet.of(Array.from({ length: 4000 }, (_, row) => row * 2))) } : {}
      files.push(
        await table.write(`${place}/${i}.parquet`, `SELECT i + ${i * 10_000} AS id FROM range(10000) t(i)`, dv),
      )
    }
    const local = await table.snapshot(schema, files)
    const snapshot = place === 'local' ? local : remoteView(local).snapshot
    const target: WriteTarget = { schema, partitionColumns: [], configuration: {} }
    const written = await engine.rewriteFiles(snapshot, files, target)
    const expected = Array.from({ length: 120_000 }, (_, id) => id).filter((id) => {
      const row = id % 10_000
      return Math.floor(id / 10_000) % 3 !== 1 || row % 2 === 1 || row >= 8000
    })
    expect(written.map(({ numRows }) => numRows)).toEqual([expected.length])
    expect(await ids(written)).toEqual(expected)
  },
)

test('each partition gets files of its own, with values as new files have them', async () => {
  const schema = parseSchemaText('id BIGINT, at TIMESTAMP, p STRING')
  const partition = (at: string, p: string | null) => ({ partition: { at, p } })
  const files = [
    await table.write('p/1.parquet', 'SELECT 1::BIGINT AS id', partition('2020-01-01 00:00:00', 'a b')),
    await table.write('p/2.parquet', 'SELECT 2::BIGINT AS id', partition('2020-01-02 00:00:00', null)),
    await table.write('p/3.parquet', 'SELECT 3::BIGINT AS id', partition('2020-01-01 00:00:00', 'a b')),
  ]
  const snapshot = await table.snapshot(schema, files, { partitionColumns: ['at', 'p'] })
  const written = await engine.rewriteFiles(snapshot, files, {
    schema,
    partitionColumns: ['at', 'p'],
    configuration: {},
  })
  expect(written.map(({ partitionValues }) => partitionValues)).toEqual([
    { at: '2020-01-01T00:00:00.000000Z', p: 'a b' },
    { at: '2020-01-02T00:00:00.000000Z', p: null },
  ])
  expect(await ids(written)).toEqual([1, 3, 2])
})

test('files of about the target size come out', async () => {
  const schema = parseSchemaText('id BIGINT, pad STRING')
  const files = [await table.write('big/1.parquet', 'SELECT i AS id, md5(i::VARCHAR) AS pad FROM range(200000) t(i)')]
  const snapshot = await table.snapshot(schema, files)
  const target = { schema, partitionColumns: [], configuration: {}, targetFileSize: 2_000_000, rowGroupRows: 10_000 }
  const written = await engine.rewriteFiles(snapshot, files, target)
  expect(written.length).toBeGreaterThan(2)
  expect(await ids(written)).toEqual(Array.from({ length: 200_000 }, (_, id) => id))
})

test('rows keep their ids and commit versions', async () => {
  const schema = parseSchemaText('id BIGINT')
  const configuration = {
    'delta.enableRowTracking': 'true',
    'delta.rowTracking.materializedRowIdColumnName': '_row_id',
    'delta.rowTracking.materializedRowCommitVersionColumnName': '_version',
  }
  const fresh = await table.write('ids/1.parquet', 'SELECT i AS id FROM range(3) t(i)')
  const moved = await table.write(
    'ids/2.parquet',
    'SELECT 10 + i AS id, 70 + i AS _row_id, CASE WHEN i = 0 THEN 5 END::BIGINT AS _version FROM range(2) t(i)',
  )
  const files = [
    { ...fresh, baseRowId: 40, defaultRowCommitVersion: 2, deletionVector: inlineDeletionVector(RowSet.of([1])) },
    { ...moved, baseRowId: 50, defaultRowCommitVersion: 3 },
  ]
  const snapshot = await table.snapshot(schema, files, { configuration })
  const [written] = await engine.rewriteFiles(snapshot, files, { schema, partitionColumns: [], configuration })
  const plan = await planScan(await table.snapshot(schema, files, { configuration }), {
    columns: ['id', '_metadata'],
    where: { op: 'opaque', sql: 'id >= 0' },
  })
  const expected = [
    { id: 0n, row: 40n, version: 2n },
    { id: 2n, row: 42n, version: 2n },
    { id: 10n, row: 70n, version: 5n },
    { id: 11n, row: 71n, version: 3n },
  ]
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(`SELECT id, _row_id, _version FROM '${written?.localPath}'`)
  expect(reader.getRows()).toEqual(expected.map(({ id, row, version }) => [id, row, version]))
  connection.closeSync()
  instance.closeSync()
  for (const view of [plan, { ...plan, snapshot: remoteView(plan.snapshot).snapshot }]) {
    const rows = await plainRows(await engine.scan(view))
    const sorted = rows.sort((a, b) => Number((a.id as bigint) - (b.id as bigint)))
    expect(sorted.map(({ id, _metadata }) => ({ id, ...(_metadata as { toJSON(): object }).toJSON() }))).toEqual(
      expected.map(({ id, row, version }) => ({ id, row_id: row, row_commit_version: version })),
    )
  }
})
