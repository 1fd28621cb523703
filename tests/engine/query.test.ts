import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine, QueryOptions } from '../../src/engine/query-engine.js'
import { inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { plainRows } from './support/plain-rows.js'
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

describe('a query over local tables', () => {
  test('answers over several files with partition values of every kind', async () => {
    const schema = parseSchemaText('id BIGINT, p STRING, d DATE, n INT, at TIMESTAMP, price DECIMAL(20,2), ok BOOLEAN')
    const partition = (p: string | null, n: string | null): Record<string, string | null> => ({
      p,
      d: n === null ? null : '1969-12-31',
      n,
      at: '2020-01-01 00:00:00.000001',
      price: '123456789012345678.90',
      ok: 'true',
    })
    const files = [
      await table.write('a/p=x y/f [1].parquet', 'SELECT i AS id FROM range(3) t(i)', {
        partition: partition("it's", '1'),
      }),
      await table.write('a/p=ü/f*.parquet', 'SELECT i + 10 AS id FROM range(3) t(i)', {
        partition: partition('ü%20', '-2'),
      }),
      await table.write('a/null/f.parquet', 'SELECT 100::BIGINT AS id', { partition: partition('', null) }),
    ]
    const snapshot = await table.snapshot(schema, files, { partitionColumns: ['p', 'd', 'n', 'at', 'price', 'ok'] })
    const result = await engine.query(
      'SELECT p, count(*) AS n, sum(id)::BIGINT AS s, min(d)::VARCHAR AS d, min(at)::VARCHAR AS t, min(price)::VARCHAR AS c, min(n) AS m FROM events GROUP BY p ORDER BY p',
      { events: snapshot },
    )
    const same = { t: '2020-01-01 00:00:00.000001+00', c: '123456789012345678.90' }
    expect(await plainRows(result)).toEqual([
      { p: "it's", n: 3n, s: 3n, d: '1969-12-31', m: 1, ...same },
      { p: 'ü%20', n: 3n, s: 33n, d: '1969-12-31', m: -2, ...same },
      { p: null, n: 1n, s: 100n, d: null, m: null, ...same },
    ])
    const one = await engine.query("SELECT id FROM events WHERE p = 'ü%20' AND at > '2019-01-01' ORDER BY id", {
      events: snapshot,
    })
    expect(await plainRows(one)).toEqual([{ id: 10n }, { id: 11n }, { id: 12n }])
  })

  test('joins tables, and one table with itself at another version', async () => {
    const schema = parseSchemaText('id BIGINT, name STRING')
    const first = await table.write('b/1.parquet', "SELECT i AS id, 'n' || i AS name FROM range(5) t(i)")
    const second = await table.write('b/2.parquet', "SELECT i + 5 AS id, 'm' || i AS name FROM range(5) t(i)")
    const old = await table.snapshot(schema, [first])
    const now = await table.snapshot(schema, [first, second])
    const sql = 'SELECT now.name FROM now ANTI JOIN "the old one" AS old USING (id) WHERE now.id > 7 ORDER BY 1'
    expect(await plainRows(await engine.query(sql, { now, 'the old one': old }))).toEqual([
      { name: 'm3' },
      { name: 'm4' },
    ])
  })

  test('opens only the tables that it names, and finds columns that are called like keywords', async () => {
    const schema = parseSchemaText('at DATE, left INT, id BIGINT')
    const file = await table.write(
      'f/1.parquet',
      'SELECT DATE \'2020-01-01\' + i::INTEGER AS "at", i::INTEGER AS "left", i AS id FROM range(3) t(i)',
    )
    const broken = await table.snapshot(schema, [{ ...file, path: 'nowhere.parquet' }])
    const t = await table.snapshot(schema, [file])
    const sql = "SELECT id, at FROM t LEFT JOIN (SELECT 1 AS other) ON left = other WHERE at > '2020-01-01' ORDER BY at"
    expect((await plainRows(await engine.query(sql, { t, broken }))).map(({ id }) => id)).toEqual([1n, 2n])
  })

  test('leaves out rows of deletion vectors, and counts without reading columns', async () => {
    const schema = parseSchemaText('id BIGINT')
    const dv = inlineDeletionVector(RowSet.of([0, 1, 4999]))
    const files = [
      await table.write('c/1.parquet', 'SELECT i AS id FROM range(5000) t(i)', { dv }),
      await table.write('c/2.parquet', 'SELECT 5000 + i AS id FROM range(10) t(i)'),
      await table.write('c/3.parquet', 'SELECT 6000 + i AS id FROM range(2) t(i)', {
        dv: inlineDeletionVector(RowSet.of([1])),
      }),
    ]
    const snapshot = await table.snapshot(schema, files)
    expect(
      await plainRows(
        await engine.query('SELECT count(*) AS n, min(id) AS low, max(id) AS high FROM t', { t: snapshot }),
      ),
    ).toEqual([{ n: 5008n, low: 2n, high: 6000n }])
    expect(await plainRows(await engine.query('SELECT count(*) AS n FROM t', { t: snapshot }))).toEqual([{ n: 5008n }])
  })

  test('of a table without files is typed and empty', async () => {
    const snapshot = await table.snapshot(parseSchemaText('id BIGINT, s STRUCT<a: INT, b: ARRAY<STRING>>'), [])
    const result = await engine.query('SELECT * FROM t', { t: snapshot })
    expect(result.schema.fields.map((field) => String(field.type))).toEqual([
      'Int64',
      'Struct<{a:Int32, b:List<Utf8>}>',
    ])
    expect(await plainRows(result)).toEqual([])
  })

  test('reads missing columns as null and narrower types widened, inside structs too', async () => {
    const schema = parseSchemaText(
      'id BIGINT, S STRUCT<x: BIGINT, y: STRING, z: DATE>, l ARRAY<STRUCT<k: DOUBLE, j: INT>>, m MAP<STRING, STRUCT<v: BIGINT>>, more DECIMAL(12,3), t TIMESTAMP_NTZ',
    )
    const files = [
      await table.write(
        'd/1.parquet',
        "SELECT 1::INTEGER AS ID, {'x': 1::TINYINT} AS s, [{'k': 1::INTEGER}] AS l, MAP {'a': {'v': 1::SMALLINT}} AS m, 5::INTEGER AS more, DATE '2020-01-01' AS t",
      ),
      await table.write(
        'd/2.parquet',
        "SELECT 2::BIGINT AS id, {'z': DATE '2020-01-01', 'x': 2::BIGINT, 'y': 'why'} AS S, NULL::STRUCT(j INTEGER)[] AS l",
      ),
    ]
    const snapshot = await table.snapshot(schema, files)
    expect(
      await plainRows(
        await engine.query(
          'SELECT id, S::VARCHAR AS s, l::VARCHAR AS l, m::VARCHAR AS m, more::VARCHAR AS more, t::VARCHAR AS t FROM t ORDER BY id',
          { t: snapshot },
        ),
      ),
    ).toEqual([
      {
        id: 1n,
        s: "{'x': 1, 'y': NULL, 'z': NULL}",
        l: "[{'k': 1.0, 'j': NULL}]",
        m: "{a={'v': 1}}",
        more: '5.000',
        t: '2020-01-01 00:00:00',
      },
      { id: 2n, s: "{'x': 2, 'y': why, 'z': 2020-01-01}", l: null, m: null, more: null, t: null },
    ])
  })
})

describe('delta_scan in a query', () => {
  test('reads tables by URL, each at its version', async () => {
    const schema = parseSchemaText('id BIGINT, at DATE')
    const file = (i: number) => table.write(`scan/${i}.parquet`, `SELECT ${i}::BIGINT AS id, DATE '2020-01-01' AS at`)
    const files = [await file(0), await file(1), await file(2)]
    const asked: unknown[] = []
    const resolveTable: QueryOptions['resolveTable'] = async (url, version) => {
      asked.push([url, version])
      return table.snapshot(schema, files.slice(0, 'version' in version ? (version.version ?? 0) + 1 : 3))
    }
    const sql = `SELECT a.id FROM delta_scan('s3://b/T') a ANTI JOIN delta_scan('s3://b/T', version => 1) b USING (id)
      JOIN delta_scan('s3://b/t', timestamp => '2026-01-01T00:00:00Z') c ON a.id = c.id`
    expect(await plainRows(await engine.query(sql, {}, { resolveTable }))).toEqual([{ id: 2n }])
    expect(asked).toEqual([
      ['s3://b/T', {}],
      ['s3://b/T', { version: 1 }],
      ['s3://b/t', { timestamp: '2026-01-01T00:00:00Z' }],
    ])
  })

  test.each([
    "SELECT * FROM delta_scan('a' || 'b')",
    "SELECT * FROM delta_scan('a', version => 1, timestamp => '2020-01-01')",
    "SELECT * FROM delta_scan('a', nonsense => 1)",
    'SELECT * FROM delta_scan()',
  ])('is refused where its arguments are not plain: %s', async (sql) => {
    await expect(
      engine.query(sql, {}, { resolveTable: () => table.snapshot(parseSchemaText('id INT'), []) }),
    ).rejects.toMatchObject({
      code: 'InvalidQuery',
    })
  })

  test('is refused where tables cannot be opened by URL', async () => {
    await expect(engine.query("SELECT * FROM delta_scan('a')", {})).rejects.toMatchObject({ code: 'InvalidQuery' })
  })
})

describe('a query is refused', () => {
  test.each([
    ['SELEC 1', 'InvalidQuery', /syntax error/],
    ['SELECT nosuch FROM t', 'UnknownColumn', /nosuch/],
    ['SELECT * FROM other', 'InvalidQuery', /no table other\. A query reads only/],
    ['SELECT 1; SELECT 2', 'InvalidQuery', /2 statements/],
    ['', 'InvalidQuery', /empty/],
    ["COPY t TO '/tmp/x.csv'", 'InvalidQuery', /only SELECT/],
    ["ATTACH '/tmp/x.db'", 'InvalidQuery', /only SELECT/],
    ['INSTALL httpfs', 'InvalidQuery', /only SELECT/],
    ['SET threads = 1', 'InvalidQuery', /only SELECT/],
    ['DELETE FROM t', 'InvalidQuery', /only SELECT/],
    ["SELECT * FROM read_text('/etc/passwd')", 'InvalidQuery', /read_text/],
    ["SELECT * FROM '/etc/passwd'", 'InvalidQuery', /passwd/],
    ["SELECT * FROM '/etc/x.parquet'", 'InvalidQuery', /x\.parquet/],
    ["SELECT * FROM query('SELECT 1')", 'InvalidQuery', /query\(\)/],
    ['SELECT * FROM duckdb_settings()', 'InvalidQuery', /duckdb_settings/],
    ["SELECT (SELECT content FROM read_text('/etc/passwd'))", 'InvalidQuery', /read_text/],
    ['SELECT id FROM t WHERE id = ?', 'InvalidQuery', /parameter/],
  ])('%s', async (sql, code, message) => {
    const snapshot = await table.snapshot(parseSchemaText('id BIGINT'), [])
    await expect(engine.query(sql, { t: snapshot })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('when a data file is gone', async () => {
    const file = await table.write('e/1.parquet', 'SELECT 1::BIGINT AS id')
    const snapshot = await table.snapshot(parseSchemaText('id BIGINT'), [{ ...file, path: 'e/gone.parquet' }])
    const query = engine.query('SELECT sum(id) FROM t', { t: snapshot })
    await expect(query).rejects.toMatchObject({
      code: 'DataFileMissing',
      message: expect.stringMatching(/gone\.parquet/),
    })
  })

  test('when the signal fires, before or while it runs', async () => {
    await expect(engine.query('SELECT 1', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'Aborted',
    })
    const signal = AbortSignal.timeout(200)
    const query = engine.query(
      'SELECT count(*) FROM range(100000) a, range(10000000) b WHERE a.range * b.range % 7 = 1',
      {},
      { signal },
    )
    await expect(query.then(plainRows)).rejects.toMatchObject({ code: 'Aborted' })
  })
})
