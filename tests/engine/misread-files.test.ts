import type { RecordBatch } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { readScan } from '../../src/data-files/read-scan.js'
import { openEngine } from '../../src/engine/open-engine.js'
import type { QueryEngine } from '../../src/engine/query-engine.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { planScan } from '../../src/scan/plan-scan.js'
import type { DataType, StructField, StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { plainRows } from './support/plain-rows.js'
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

/** What both paths answer: rows, or the code of the error. */
async function answers(snapshot: Snapshot): Promise<unknown[]> {
  const scan = async () => readScan(await planScan(snapshot))
  const query = async () => (await engine.query('SELECT * FROM t', { t: snapshot })).batches()
  const answer = async (read: () => Promise<AsyncIterable<RecordBatch>>): Promise<unknown> => {
    const rows: unknown[] = []
    for await (const batch of await read()) rows.push(...decodeRows(batch, snapshot.schema))
    return rows
  }
  return Promise.all([scan, query].map((read) => answer(read).catch((error) => isDeltaError(error) && error.code)))
}

let files = 0
async function tableOf(select: string, schema: StructType, options?: Parameters<TableFolder['snapshot']>[2]) {
  return table.snapshot(schema, [await table.write(`${files++}.parquet`, select)], options)
}

describe('files that DuckDB would read otherwise than the Arrow path', () => {
  test.each([
    ['a list as text', 'SELECT [1, 2] AS a', 'a STRING'],
    ['numbers as text', 'SELECT 5 AS a', 'a STRING'],
    ['text as numbers', "SELECT '5' AS a", 'a INT'],
    ['booleans as numbers', 'SELECT true AS a', 'a INT'],
    ['doubles as floats', 'SELECT 1.1::DOUBLE AS a', 'a FLOAT'],
    ['decimals of more digits behind the point', 'SELECT 1.125::DECIMAL(8, 3) AS a', 'a DECIMAL(8, 2)'],
    ['bytes that are no text, as text', "SELECT '\\xFF'::BLOB AS a", 'a STRING'],
    ['a list of doubles as one of floats', 'SELECT [1.1::DOUBLE] AS a', 'a ARRAY<FLOAT>'],
  ])('%s are refused by both', async (_, select, schema) => {
    expect(await answers(await tableOf(select, parseSchemaText(schema)))).toEqual(['CorruptData', 'CorruptData'])
  })

  test.each([
    ['bytes as text', "SELECT encode('ü') AS a", 'a STRING', { a: 'ü' }],
    ['text as bytes', "SELECT 'ü' AS a", 'a BINARY', { a: Uint8Array.of(0xc3, 0xbc) }],
    ['structs that share no field', "SELECT {'x': 1} AS a", 'a STRUCT<y: INT>', { a: { y: null } }],
    [
      'structs in lists that share no field',
      "SELECT [{'x': 1}, NULL] AS a",
      'a ARRAY<STRUCT<y: INT>>',
      { a: [{ y: null }, null] },
    ],
    ['fields spelled otherwise', "SELECT {'X': 1} AS a", 'a STRUCT<x: INT>', { a: { x: 1 } }],
  ])('%s are read by both', async (_, select, schema, row) => {
    expect(await answers(await tableOf(select, parseSchemaText(schema)))).toEqual([[row], [row]])
  })

  test('fields inside of structs are found by id where columns are mapped by id', async () => {
    const long: DataType = { type: 'long' }
    const mapped = (name: string, id: number, dataType: DataType): StructField => {
      const metadata = { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': `col-${id}` }
      return { name, dataType, nullable: true, metadata }
    }
    const inner: StructType = { type: 'struct', fields: [mapped('x', 2, long), mapped('y', 3, long)] }
    const more = ', FIELD_IDS {s: {__duckdb_field_id: 1, "col-3": 2, other: 3}}'
    const file = await table.write('ids.parquet', `SELECT {'col-3': 20::BIGINT, 'other': 30::BIGINT} AS s`, { more })
    const configuration = { 'delta.columnMapping.mode': 'id' }
    const snapshot = await table.snapshot({ type: 'struct', fields: [mapped('s', 1, inner)] }, [file], {
      configuration,
    })
    const rows = [{ s: { x: 20n, y: 30n } }]
    expect(await answers(snapshot)).toEqual([rows, rows])
  })

  test.each(['2.4.5', '4.2.0'])('old days are read as Spark %s wrote them', async (version) => {
    const legacy = version > '3' ? ", 'org.apache.spark.legacyDateTime': ''" : ''
    const more = `, KV_METADATA {'org.apache.spark.version': '${version}'${legacy}}`
    const select = "SELECT DATE '1500-01-10' AS d, TIMESTAMPTZ '1500-01-10 12:00:00Z' AS t"
    const files = [
      await table.write(`old-${version}.parquet`, select, { more }),
      await table.write(`new-${version}.parquet`, select, {
        more: ", KV_METADATA {'org.apache.spark.version': '3.5.0'}",
      }),
    ]
    const snapshot = await table.snapshot(parseSchemaText('d DATE, t TIMESTAMP'), files)
    const rows = ['1500-01-01', '1500-01-10'].map((d) => ({ d, t: new Date(`${d}T12:00:00Z`) }))
    expect(await answers(snapshot)).toEqual([rows, rows])
    const where = "d = DATE '1500-01-01'"
    const found = await engine.query(`SELECT d FROM t WHERE ${where}`, { t: snapshot })
    expect(await plainRows(found)).toHaveLength(1)
  })
})
