import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WrittenFile } from '../../src/data-files/write-target.js'
import { contiguousShares } from '../../src/engine/duckdb/write/contiguous-shares.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import { DeltaTable, files, Lake } from '../../src/index.js'
import type { ObservedEvent } from '../../src/runtime/observer.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const ROWS = 2_400_000
let folder: string
let input: string
let engine: QueryEngine
let duckdb: DuckDBInstance
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
  engine = await openEngine({ memoryBytes: 2 ** 30, threads: 2, tempDirectory: folder })
  duckdb = await DuckDBInstance.create(':memory:')
  // Numbers that no codec makes small, so that the file is worth two lanes.
  const noise = 'CAST(hash(i) >> 1 AS BIGINT) AS noise, CAST(hash(i + 1) >> 1 AS BIGINT) AS more'
  input = await parquetFile('input.parquet', `SELECT i AS id, ${noise} FROM range(${ROWS}) r(i)`)
})
afterAll(async () => {
  await engine.close()
  duckdb.closeSync()
  await rm(folder, { recursive: true })
})

async function run(sql: string): Promise<unknown[][]> {
  const connection = await duckdb.connect()
  const reader = await connection.runAndReadAll(sql)
  connection.closeSync()
  return reader.getRowsJson()
}

async function parquetFile(name: string, select: string): Promise<string> {
  const path = join(folder, name)
  await run(`COPY (${select}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 100000)`)
  return path
}

/** Rows whose id is not their position, over all files in order; 0 where nothing moved. */
async function moved(paths: readonly string[]): Promise<{ rows: number; moved: number }> {
  let rows = 0
  let outOfPlace = 0
  for (const path of paths) {
    const [[count, wrong] = []] = await run(
      `SELECT count(*)::INT, count(*) FILTER (id <> file_row_number + ${rows})::INT FROM read_parquet('${path}')`,
    )
    rows += Number(count)
    outOfPlace += Number(wrong)
  }
  return { rows, moved: outOfPlace }
}

const paths = (written: readonly WrittenFile[]): string[] => written.map(({ localPath }) => localPath)

test('rows of a big Parquet file keep their order, and are one file where that is small enough', async () => {
  const events: ObservedEvent[] = []
  const target = {
    schema: parseSchemaText('id BIGINT NOT NULL, noise BIGINT, more BIGINT'),
    partitionColumns: [],
    configuration: {},
  }
  const one = await engine.loadFiles([input], 'parquet', target, { observer: { on: (event) => events.push(event) } })
  expect(one).toHaveLength(1)
  expect(await moved(paths(one))).toEqual({ rows: ROWS, moved: 0 })
  expect(one[0]?.numRows).toBe(ROWS)
  expect(one[0]?.size).toBe((await stat(one[0]?.localPath ?? '')).size)
  expect(events.every((event) => event.type === 'progress' && (event.fraction ?? 0) <= 1)).toBe(true)

  const more = await engine.loadFiles([input], 'parquet', { ...target, targetFileSize: 12 * 2 ** 20 })
  expect(more.length).toBeGreaterThan(3)
  expect(await moved(paths(more))).toEqual({ rows: ROWS, moved: 0 })
})

test('rows of many files keep their order, also where a lane begins in the middle of one', async () => {
  const half = ROWS / 2
  const first = await parquetFile('a.parquet', `SELECT * FROM '${input}' LIMIT ${half + 300_000}`)
  const second = await parquetFile('b.parquet', `SELECT * FROM '${input}' OFFSET ${half + 300_000}`)
  const target = {
    schema: parseSchemaText('id BIGINT, noise BIGINT, more BIGINT'),
    partitionColumns: [],
    configuration: {},
  }
  const written = await engine.loadFiles([first, second], 'parquet', target)
  expect(await moved(paths(written))).toEqual({ rows: ROWS, moved: 0 })
})

test.each([
  ['a value that does not fit', 'CASE WHEN i = 2000001 THEN 300 ELSE 1 END AS small', 'small TINYINT', 'row 2000002'],
  ['a null', 'CASE WHEN i = 2000001 THEN NULL ELSE 1 END AS small', 'small INT NOT NULL', 'row 2000002'],
])('%s in a later lane is told with its row, and nothing is kept', async (_, column, schema, place) => {
  const path = await parquetFile('bad.parquet', `SELECT *, ${column} FROM (SELECT id AS i, * FROM '${input}')`)
  const target = {
    schema: parseSchemaText(`id BIGINT, noise BIGINT, more BIGINT, ${schema}, i BIGINT`),
    partitionColumns: [],
    configuration: {},
  }
  await expect(engine.loadFiles([path], 'parquet', target)).rejects.toMatchObject({
    code: 'SchemaMismatch',
    message: expect.stringContaining(place),
  })
})

test('a load that is aborted ends in all lanes', async () => {
  const target = {
    schema: parseSchemaText('id BIGINT, noise BIGINT, more BIGINT'),
    partitionColumns: [],
    configuration: {},
  }
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 30)
  await expect(engine.loadFiles([input], 'parquet', target, { signal: abort.signal })).rejects.toMatchObject({
    code: 'Aborted',
  })
})

test('a compaction in lanes keeps order, rows and statistics', async () => {
  const table = await DeltaTable.create(join(folder, 'table'), { schema: 'id BIGINT, noise BIGINT, more BIGINT' })
  await table.append(files(input), { targetFileSize: '6MB' })
  const { metrics } = await table.optimize({ memory: '1GB' })
  expect(metrics.numAddedFiles).toBe(1)
  await using lake = new Lake()
  const sql = 'SELECT count(*) AS n, sum(noise::HUGEINT)::VARCHAR AS noise FROM t'
  const before = await lake.query(sql, { tables: { t: await table.at({ version: 1 }) } })
  const after = await lake.query(sql, { tables: { t: table } })
  expect(await after.rows()).toEqual(await before.rows())
  const added: { path: string }[] = []
  for await (const file of await table.files()) added.push(file)
  expect(await moved(added.map(({ path }) => join(folder, 'table', path)))).toEqual({ rows: ROWS, moved: 0 })
})

test('shares are contiguous, none is empty, and none is much heavier than its part', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (weights, count) => {
      const shares = contiguousShares(weights, count, (weight) => weight)
      expect(shares.flat()).toEqual(weights)
      expect(shares.length).toBeLessThanOrEqual(count)
      expect(shares.every((share) => share.length > 0)).toBe(true)
      const part = weights.reduce((sum, weight) => sum + weight, 0) / count
      const sums = shares.map((share) => share.reduce((sum, weight) => sum + weight, 0))
      expect(Math.max(...sums)).toBeLessThanOrEqual(part + 2 * Math.max(...weights))
    }),
  )
})
