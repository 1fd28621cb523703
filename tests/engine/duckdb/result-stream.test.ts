import { DuckDBInstance } from '@duckdb/node-api'
import type { RecordBatch, Schema } from 'apache-arrow'
import { MapRow, StructRow, Table, tableFromIPC, tableToIPC, Vector } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resultBatches, resultSchema } from '../../../src/engine/duckdb/arrow/result-stream.js'

let instance: DuckDBInstance
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
})
afterAll(() => instance.closeSync())

async function query(sql: string): Promise<{ schema: Schema; batches: RecordBatch[] }> {
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const result = await connection.stream(sql)
  const schema = resultSchema(result)
  const batches: RecordBatch[] = []
  for await (const batch of resultBatches(result, schema)) batches.push(batch)
  connection.closeSync()
  return { schema, batches }
}

/** Through IPC and back, so that the buffers are what Arrow says they are. */
async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const { schema, batches } = await query(sql)
  return tableFromIPC(tableToIPC(new Table(schema, batches), 'stream'))
    .toArray()
    .map((row) => plain(row) as Record<string, unknown>)
}

function plain(value: unknown): unknown {
  if (value instanceof Vector) return [...value].map(plain)
  if (value instanceof Uint32Array) return [...value]
  if (value instanceof StructRow || value instanceof MapRow) {
    return Object.fromEntries(Object.entries(value.toJSON()).map(([name, inner]) => [name, plain(inner)]))
  }
  return value
}

test.each([
  ['TRUE::BOOLEAN', 'Bool', true],
  ['-5::TINYINT', 'Int8', -5],
  ['-5::SMALLINT', 'Int16', -5],
  ['-5::INTEGER', 'Int32', -5],
  ['9223372036854775807::BIGINT', 'Int64', 9223372036854775807n],
  ['255::UTINYINT', 'Int16', 255],
  ['65535::USMALLINT', 'Int32', 65535],
  ['4294967295::UINTEGER', 'Int64', 4294967295n],
  ['1.5::FLOAT', 'Float32', 1.5],
  ["'nan'::DOUBLE", 'Float64', Number.NaN],
  ["'short'", 'Utf8', 'short'],
  ["'longer than twelve bytes, ünï'", 'Utf8', 'longer than twelve bytes, ünï'],
  ["''", 'Utf8', ''],
  ["'\\x00\\xAA'::BLOB", 'Binary', Uint8Array.of(0, 0xaa)],
  ["UUID '00112233-4455-6677-8899-aabbccddeeff'", 'Utf8', '00112233-4455-6677-8899-aabbccddeeff'],
  ["INTERVAL '1 year 2 days'", 'Utf8', '1 year 2 days'],
  ["TIME '12:34:56.789'", 'Utf8', '12:34:56.789'],
  ["'b'::ENUM('a', 'b')", 'Utf8', 'b'],
  ["'10110'::BIT", 'Utf8', '10110'],
])('%s arrives as %s', async (sql, type, value) => {
  const { schema } = await query(`SELECT ${sql} AS v`)
  expect(schema.fields[0]?.type.constructor.name.replace(/_$/, '')).toBe(type)
  const [first, second, third] = await rows(`SELECT ${sql} AS v UNION ALL SELECT NULL UNION ALL SELECT ${sql}`)
  expect([first?.v, second?.v, third?.v]).toEqual([value, null, value])
})

test.each([
  ['-1.5::DECIMAL(4, 2)', -150n],
  ['-1234567.89::DECIMAL(9, 2)', -123456789n],
  ['-1234567890123456.78::DECIMAL(18, 2)', -123456789012345678n],
  ['-123456789012345678901234567890123456.78::DECIMAL(38, 2)', -12345678901234567890123456789012345678n],
  ['18446744073709551615::UBIGINT', 18446744073709551615n],
  ['-170141183460469231731687303715884105::HUGEINT', -170141183460469231731687303715884105n],
])('%s keeps every digit', async (sql, unscaled) => {
  const [row] = await rows(`SELECT ${sql} AS v`)
  const words = row?.v as number[]
  const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n)
  expect(BigInt.asIntN(128, value)).toBe(unscaled)
})

test('dates and timestamps arrive in Delta units, with and without a zone', async () => {
  const { schema, batches } = await query(`
    SELECT DATE '1969-12-31' AS d, TIMESTAMP '2020-01-01 00:00:00.000001' AS n, TIMESTAMPTZ '2020-01-01 00:00:00.000001+00' AS z,
      TIMESTAMP_S '2020-01-01 00:00:01' AS s, TIMESTAMP_MS '2020-01-01 00:00:00.001' AS ms`)
  expect(schema.fields.map((field) => String(field.type))).toEqual([
    'Date32<DAY>',
    'Timestamp<MICROSECOND>',
    'Timestamp<MICROSECOND, UTC>',
    'Timestamp<MICROSECOND>',
    'Timestamp<MICROSECOND>',
  ])
  const values = batches[0]?.data.children.map((child) => child.values[0])
  expect(values).toEqual([-1, 1577836800000001n, 1577836800000001n, 1577836801000000n, 1577836800001000n])
})

test('nested values keep their nulls at every depth', async () => {
  const result = await rows(`
    SELECT * FROM (VALUES
      (1, {'x': 1, 'y': 'a long string in a struct'}, [1, NULL, 3], MAP {'k': [{'v': 1}], 'l': NULL}),
      (2, NULL, NULL, NULL),
      (3, {'x': NULL, 'y': NULL}, [], MAP {}),
      (4, {'x': 4, 'y': 'short'}, [NULL], MAP {'a key that is long': []})
    ) AS t(id, s, l, m) ORDER BY id`)
  expect(result).toEqual([
    { id: 1, s: { x: 1, y: 'a long string in a struct' }, l: [1, null, 3], m: { k: [{ v: 1 }], l: null } },
    { id: 2, s: null, l: null, m: null },
    { id: 3, s: { x: null, y: null }, l: [], m: {} },
    { id: 4, s: { x: 4, y: 'short' }, l: [null], m: { 'a key that is long': [] } },
  ])
})

test('a list that repeats rows of another comes out in order', async () => {
  const [row] = await rows(`
    SELECT list(l ORDER BY i DESC) AS v FROM (SELECT i, [i, i * 10] AS l FROM range(3) t(i))`)
  expect(row?.v).toEqual([
    [2n, 20n],
    [1n, 10n],
    [0n, 0n],
  ])
})

test('large results come in batches that hold every value', async () => {
  const sql = `
    SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE i * 2 END AS n,
      CASE WHEN i % 7 = 0 THEN NULL WHEN i % 2 = 0 THEN 's' || i ELSE repeat('x', (i % 50)::INTEGER) || i END AS t,
      ['DELIVER IN PERSON', 'COLLECT ON DELIVERY', 'NONE', 'TAKE BACK RETURN'][1 + i % 4] AS d,
      i % 5 = 0 AS b, CASE WHEN i % 11 = 0 THEN NULL ELSE [i, NULL, i + 1][1:(i % 4)] END AS l
    FROM range(150000) t(i) WHERE i % 13 <> 0`
  const { batches } = await query(sql)
  expect(batches.length).toBeGreaterThan(1)
  const texts = ['DELIVER IN PERSON', 'COLLECT ON DELIVERY', 'NONE', 'TAKE BACK RETURN']
  const wrong: unknown[] = []
  let i = 0n
  for (const batch of batches) {
    for (const row of batch) {
      while (i % 13n === 0n) i++
      const k = Number(i)
      const expected = [
        i,
        k % 3 === 0 ? null : i * 2n,
        k % 7 === 0 ? null : k % 2 === 0 ? `s${k}` : `${'x'.repeat(k % 50)}${k}`,
        texts[k % 4],
        k % 5 === 0,
        k % 11 === 0 ? 'null' : String([i, null, i + 1n].slice(0, k % 4)),
      ]
      const found = [row.i, row.n, row.t, row.d, row.b, row.l === null ? 'null' : String([...row.l])]
      if (!found.every((value, column) => value === expected[column])) wrong.push({ expected, found })
      i++
    }
  }
  expect(wrong).toEqual([])
  expect(i).toBe(150000n)
})
