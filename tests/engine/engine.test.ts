import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import type { Observer } from '../../src/runtime/observer.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { plainRows } from './support/plain-rows.js'
import { type TableFolder, tableFolder } from './support/table-folder.js'

let engine: QueryEngine
let table: TableFolder
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 128 * 2 ** 20, threads: 2 })
  table = await tableFolder()
})
afterAll(async () => {
  await engine.close()
  await table.remove()
})

test('an engine that is closed leaves nothing behind, though results were not read', async () => {
  const tempDirectory = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
  const fresh = await openEngine({ memoryBytes: 128 * 2 ** 20, tempDirectory })
  const unread = await fresh.query('SELECT * FROM range(1000000)', {})
  const begun = (await fresh.query('SELECT * FROM range(1000000)', {})).batches()[Symbol.asyncIterator]()
  await begun.next()
  await fresh.close()
  await fresh.close()
  expect(await readdir(tempDirectory)).toEqual([])
  expect(unread.schema.fields.map(({ name }) => name)).toEqual(['range'])
  expect(() => fresh.query('SELECT 1', {})).toThrow(/closed/)
  await rm(tempDirectory, { recursive: true })
})

test('queries run side by side, over tables in different folders', async () => {
  const other = await tableFolder()
  try {
    const schema = parseSchemaText('id BIGINT')
    const snapshots = await Promise.all(
      [table, other].map(async (folder, i) =>
        folder.snapshot(schema, [await folder.write('side.parquet', `SELECT ${i} + range AS id FROM range(10)`)]),
      ),
    )
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, i) =>
        plainRows(
          await engine.query('SELECT sum(id)::BIGINT AS s FROM t', { t: snapshots[i % 2] as (typeof snapshots)[0] }),
        ),
      ),
    )
    expect(answers.map(([row]) => row?.s)).toEqual(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 45n : 55n)))
  } finally {
    await other.remove()
  }
})

test('an observer sees how far a long query is', async () => {
  const fractions: number[] = []
  const observer: Observer = {
    on: (event) => event.type === 'progress' && event.operation === 'query' && fractions.push(event.fraction ?? -1),
  }
  // Of a table, since DuckDB does not always tell how far it is in other sources.
  const file = await table.write('long.parquet', "SELECT 'text ' || range AS s FROM range(400000)")
  const snapshot = await table.snapshot(parseSchemaText('s STRING'), [file])
  // A fast machine is given more to do.
  for (let times = 10; times < 500 && fractions.length === 0; times *= 3) {
    const digest = `${'md5('.repeat(times)}s${')'.repeat(times)}`
    await plainRows(await engine.query(`SELECT max(${digest}) FROM t`, { t: snapshot }, { observer }))
  }
  expect(fractions.length).toBeGreaterThan(0)
  expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
})

test('a query that needs more memory than there is says so', async () => {
  const small = await openEngine({ memoryBytes: 16 * 2 ** 20, threads: 1 })
  try {
    const query = small.query("SELECT list(repeat('x', 1000) || range) AS l FROM range(1000000)", {})
    await expect(query.then(plainRows)).rejects.toMatchObject({
      code: 'ResourceExhausted',
      message: expect.stringMatching(/memory/i),
    })
  } finally {
    await small.close()
  }
})

test('a data file that is damaged is CorruptData, or its rows are whole', async () => {
  const file = await table.write('damaged.parquet', "SELECT range AS id, 'text ' || range AS s FROM range(2000)")
  const path = join(table.path, 'damaged.parquet')
  const whole = await readFile(path)
  for (const length of [0, 3, 100, Math.floor(whole.length / 2), whole.length - 1]) {
    await writeFile(path, whole.subarray(0, length))
    const snapshot = await table.snapshot(parseSchemaText('id BIGINT, s STRING'), [file])
    const query = engine.query('SELECT count(s), sum(id) FROM t', { t: snapshot })
    await expect(query.then(plainRows), `${length} bytes`).rejects.toMatchObject({ code: 'CorruptData' })
  }
  for (let bit = 0; bit < 200; bit++) {
    const bytes = Buffer.from(whole)
    const at = bytes.length - 9 - bit
    bytes[at] = (bytes[at] as number) ^ (1 << (bit % 8))
    await writeFile(path, bytes)
    const snapshot = await table.snapshot(parseSchemaText('id BIGINT, s STRING'), [file])
    const codes: unknown[] = []
    await engine
      .query('SELECT count(s), max(id) FROM t', { t: snapshot })
      .then(plainRows)
      .catch((error: { code?: unknown }) => codes.push(error.code))
    expect(
      codes.every((code) => code === 'CorruptData'),
      `byte ${at}: ${codes}`,
    ).toBe(true)
  }
})
