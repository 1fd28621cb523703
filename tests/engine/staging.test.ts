import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import { inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { plainRows } from './support/plain-rows.js'
import { remoteView } from './support/remote-view.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

const schema = parseSchemaText('id BIGINT, name STRING, pad STRING, s STRUCT<x: INT, y: STRING>, day DATE, p STRING')
const ROWS = 40_000

let engine: QueryEngine
let table: TableFolder
let local: Snapshot
let big: AddFile
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, threads: 2 })
  table = await tableFolder()
  const select = (from: number) => `
    SELECT i AS id, 'name ' || (i % 100) AS name, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS pad,
      {'x': (i % 7)::INTEGER, 'y': CASE WHEN i % 3 = 0 THEN NULL ELSE 'y' || i END} AS s, DATE '2020-01-01' + (i // 1000)::INTEGER AS day
    FROM range(${from}, ${from + ROWS}) t(i)`
  const more = ', ROW_GROUP_SIZE 4096, WRITE_BLOOM_FILTER true'
  big = await table.write('big.parquet', select(0), { more, partition: { p: 'one' } })
  const masked = await table.write('masked.parquet', select(ROWS), {
    more,
    partition: { p: 'two' },
    dv: inlineDeletionVector(RowSet.of([0, 5000, 39_999])),
  })
  const small = await table.write('small.parquet', `SELECT 1000000 AS id, 'small' AS name FROM range(3)`, {
    partition: { p: 'three' },
  })
  local = await table.snapshot(schema, [big, masked, small], { partitionColumns: ['p'] })
})
afterAll(async () => {
  await engine.close()
  await table.remove()
})

const QUERIES = [
  'SELECT count(*) AS n FROM t',
  'SELECT p, count(*) AS n, sum(id)::BIGINT AS s FROM t GROUP BY p ORDER BY p',
  'SELECT name, count(*) AS n FROM t WHERE id BETWEEN 9000 AND 9100 GROUP BY name ORDER BY name',
  "SELECT count(*) AS n, min(pad) AS low FROM t WHERE name = 'name 7' AND id < 20000",
  'SELECT s.x, count(s.y) AS n FROM t GROUP BY 1 ORDER BY 1',
  "SELECT day, count(*) AS n FROM t WHERE day > '2020-02-05' GROUP BY day ORDER BY day",
  'SELECT a.id, b.name FROM t a JOIN t b ON a.id = b.id + 1 WHERE a.id % 9973 = 0 ORDER BY 1',
  'SELECT * FROM t WHERE id IN (5, 39999, 45000, 79998, 1000000) ORDER BY id, s',
  'WITH c AS (SELECT id, day FROM t WHERE id > 79000) SELECT count(*) AS n, max(day)::VARCHAR AS d FROM c WHERE id < 79990',
]

describe('a query over remote files', () => {
  test('gives the same answers as one over local files, whatever was fetched before', async () => {
    const { snapshot } = remoteView(local)
    const expected = new Map<string, unknown>()
    for (const sql of QUERIES) expected.set(sql, await plainRows(await engine.query(sql, { t: local })))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(QUERIES, { minLength: 1 }), async (queries) => {
        for (const sql of queries) {
          expect(JSON.stringify(await plainRows(await engine.query(sql, { t: snapshot })), text)).toBe(
            JSON.stringify(expected.get(sql), text),
          )
        }
      }),
      { numRuns: 6 },
    )
  })

  test('fetches the footers and the column chunks it needs, and those once', async () => {
    const remote = remoteView({ ...local, files: (await table.snapshot(schema, [big])).files })
    const sum = async () => {
      remote.log.gets.length = 0
      await plainRows(await engine.query('SELECT sum(id) FROM t', { t: remote.snapshot }))
      return { requests: remote.log.gets.length, bytes: remote.log.gets.reduce((total, get) => total + get.bytes, 0) }
    }
    const fresh = await openEngine({ memoryBytes: 128 * 2 ** 20 })
    const used = engine
    engine = fresh
    try {
      const first = await sum()
      expect(first.bytes).toBeLessThan(big.size / 3)
      expect(first.bytes).toBeGreaterThan(0)
      expect(await sum()).toEqual({ requests: 0, bytes: 0 })
      remote.log.gets.length = 0
      await plainRows(await engine.query('SELECT sum(id), max(day) FROM t', { t: remote.snapshot }))
      const more = remote.log.gets.reduce((total, get) => total + get.bytes, 0)
      expect(more).toBeGreaterThan(0)
      expect(more).toBeLessThan(big.size / 3)
    } finally {
      engine = used
      await fresh.close()
    }
  })

  test.each([-100, -1, 1, 5000])(
    'reads files by the sizes that they have, where the log says %i bytes more',
    async (more) => {
      const small = await table.write('sized.parquet', 'SELECT range AS id FROM range(100)')
      const files = [big, small].map((file) => ({ ...file, size: file.size + more }))
      const { snapshot } = remoteView(await table.snapshot(schema, files))
      expect(
        await plainRows(await engine.query('SELECT count(*) AS n, max(pad) AS last FROM t', { t: snapshot })),
      ).toEqual(
        await plainRows(
          await engine.query('SELECT count(*) AS n, max(pad) AS last FROM t', {
            t: await table.snapshot(schema, [big, small]),
          }),
        ),
      )
    },
  )

  test('skips row groups whose statistics rule them out', async () => {
    const remote = remoteView({ ...local, files: (await table.snapshot(schema, [big])).files })
    const fresh = await openEngine({ memoryBytes: 128 * 2 ** 20 })
    try {
      const sql = 'SELECT id, pad FROM t WHERE id = 20000'
      const rows = await plainRows(await fresh.query(sql, { t: remote.snapshot }))
      expect(rows).toEqual(await plainRows(await fresh.query(sql, { t: local })))
      expect(remote.log.gets.reduce((total, get) => total + get.bytes, 0)).toBeLessThan(big.size / 4)
    } finally {
      await fresh.close()
    }
  })

  test('keeps the cache within its size, but never drops what is in use', async () => {
    const tempDirectory = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
    const fresh = await openEngine({ memoryBytes: 128 * 2 ** 20, tempDirectory, cacheBytes: 10_000 })
    try {
      const { snapshot } = remoteView(local)
      const results = await Promise.all(
        [1, 2, 3].map((i) => fresh.query(`SELECT id, pad FROM t WHERE id % ${i} = 0`, { t: snapshot })),
      )
      for (const [i, result] of results.entries()) {
        const expected = await plainRows(
          await engine.query(`SELECT count(*) AS n FROM t WHERE id % ${i + 1} = 0`, { t: local }),
        )
        expect(BigInt((await plainRows(result)).length)).toBe(expected[0]?.n)
      }
      await expect.poll(async () => allocated(tempDirectory)).toBeLessThan(20_000)
    } finally {
      await fresh.close()
      expect(await readdir(tempDirectory)).toEqual([])
      await rm(tempDirectory, { recursive: true })
    }
  })

  test('fails with the name of a file that is gone, and releases the others', async () => {
    const { snapshot } = remoteView(
      await table.snapshot(schema, [big, { ...big, path: 'gone.parquet' }], { partitionColumns: ['p'] }),
    )
    await expect(engine.query('SELECT sum(id) FROM t', { t: snapshot })).rejects.toMatchObject({
      code: 'DataFileMissing',
      message: expect.stringContaining('gone.parquet'),
    })
  })

  test('fails with CorruptData where a file was cut', async () => {
    const cut = await table.write('cut.parquet', 'SELECT range AS id FROM range(1000)')
    await truncate(join(table.path, 'cut.parquet'), cut.size - 10)
    const { snapshot } = remoteView(await table.snapshot(schema, [cut]))
    await expect(engine.query('SELECT sum(id) FROM t', { t: snapshot })).rejects.toMatchObject({ code: 'CorruptData' })
  })

  test('can be aborted while it fetches, and asked again', async () => {
    const remote = remoteView(local)
    const fresh = await openEngine({ memoryBytes: 128 * 2 ** 20 })
    try {
      const controller = new AbortController()
      remote.log.beforeGet = () => {
        controller.abort()
      }
      const query = fresh.query('SELECT sum(id) AS s FROM t', { t: remote.snapshot }, { signal: controller.signal })
      await expect(query).rejects.toMatchObject({ code: 'Aborted' })
      remote.log.beforeGet = () => undefined
      const again = await plainRows(await fresh.query('SELECT sum(id)::BIGINT AS s FROM t', { t: remote.snapshot }))
      expect(again).toEqual(await plainRows(await fresh.query('SELECT sum(id)::BIGINT AS s FROM t', { t: local })))
    } finally {
      await fresh.close()
    }
  })
})

const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)

/** Bytes that the files of a folder take on disk. */
async function allocated(folder: string): Promise<number> {
  let sum = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const found = await stat(join(entry.parentPath ?? entry.path, entry.name)).catch(() => undefined)
    sum += (found?.blocks ?? 0) * 512
  }
  return sum
}
