import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrowRows } from './arrow-rows.js'
import { duckdbRows } from './duckdb-rows.js'
import type { PlainRows } from './plain-value.js'
import { rowDifference } from './row-difference.js'
import type { StructJson, TypeJson } from './schema-json.js'

const pair = {
  type: 'struct',
  fields: [
    { name: 'p', type: 'integer' },
    { name: 'q', type: 'string' },
  ],
} as const
const pairArrow = new arrow.Struct([
  new arrow.Field('p', new arrow.Int32(), true),
  new arrow.Field('q', new arrow.Utf8(), true),
])
const mapArrow = new arrow.Map_(
  new arrow.Field(
    'entries',
    new arrow.Struct<{ key: arrow.Utf8; value: arrow.Int64 }>([
      new arrow.Field('key', new arrow.Utf8(), false) as arrow.Field,
      new arrow.Field('value', new arrow.Int64(), true) as arrow.Field,
    ]),
  ),
)

/** A value, a null and another value of each type, as DuckDB writes them in SQL and as Arrow holds them. */
const samples: readonly (readonly [type: TypeJson, sql: readonly [string, string], vector: arrow.Vector])[] = [
  ['byte', ['1::TINYINT', '(-128)::TINYINT'], ints(new arrow.Int8(), [1, null, -128])],
  ['integer', ['1', '-2147483648'], ints(new arrow.Int32(), [1, null, -2147483648])],
  ['long', ['1::BIGINT', '9007199254740993::BIGINT'], ints(new arrow.Int64(), [1n, null, 9007199254740993n])],
  ['double', ["'nan'::DOUBLE", '0.1::DOUBLE'], ints(new arrow.Float64(), [Number.NaN, null, 0.1])],
  ['float', ['0.5::FLOAT', '3.4e38::FLOAT'], ints(new arrow.Float32(), [0.5, null, 3.4e38])],
  ['boolean', ['true', 'false'], ints(new arrow.Bool(), [true, null, false])],
  ['string', ["'a'", "'ü\"|'"], ints(new arrow.Utf8(), ['a', null, 'ü"|'])],
  [
    'binary',
    ["'\\x00\\xFF'::BLOB", "''::BLOB"],
    ints(new arrow.Binary(), [Uint8Array.of(0, 255), null, Uint8Array.of()]),
  ],
  [
    'date',
    ["DATE '1969-12-31'", "DATE '2024-02-29'"],
    ints(new arrow.DateDay(), [new Date(-86_400_000), null, new Date('2024-02-29')]),
  ],
  [
    'timestamp',
    ["TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", "TIMESTAMPTZ '9999-12-31 00:00:00.000001+00'"],
    micros('UTC', [-1n, 253402214400000001n]),
  ],
  [
    'timestamp_ntz',
    ["TIMESTAMP '1970-01-01 00:00:00.000007'", "TIMESTAMP '0001-01-01 00:00:00'"],
    micros(null, [7n, -62135596800000000n]),
  ],
  [
    'decimal(38,2)',
    ["'-123456789012345678901234567890.12'::DECIMAL(38,2)", '1::DECIMAL(38,2)'],
    decimals([-12345678901234567890123456789012n, 100n]),
  ],
  [
    pair,
    ["{'p': 1, 'q': NULL}", "{'p': NULL, 'q': 'x'}"],
    ints(pairArrow, [{ p: 1, q: null }, null, { p: null, q: 'x' }]),
  ],
  [
    { type: 'array', elementType: 'integer' },
    ['[1, NULL]', '[]::INTEGER[]'],
    ints(new arrow.List(new arrow.Field('element', new arrow.Int32(), true)), [[1, null], null, []]),
  ],
  [
    { type: 'array', elementType: pair },
    ["[{'p': 1, 'q': 'a'}, NULL]", "[{'p': 2, 'q': 'b'}]"],
    ints(new arrow.List(new arrow.Field('element', pairArrow, true)), [
      [{ p: 1, q: 'a' }, null],
      null,
      [{ p: 2, q: 'b' }],
    ]),
  ],
  [
    { type: 'map', keyType: 'string', valueType: 'long' },
    ["MAP {'b': 1::BIGINT, 'a': NULL}", "MAP {'c': 2::BIGINT}"],
    ints(mapArrow, [
      new Map([
        ['a', null],
        ['b', 1n],
      ]),
      null,
      new Map([['c', 2n]]),
    ]),
  ],
]

describe('the comparison of rows', () => {
  let folder: string
  let instance: DuckDBInstance
  let connection: DuckDBConnection

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakewright-compare-'))
    instance = await DuckDBInstance.create()
    connection = await instance.connect()
  })

  afterAll(async () => {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true, force: true })
  })

  describe.each(samples)('of %j', (type, [first, last], vector) => {
    const schema: StructJson = { type: 'struct', fields: [{ name: 'c', type }] }
    const fromDuckdb = async (...values: string[]): Promise<PlainRows> => {
      const file = join(folder, `${Math.random()}.parquet`)
      const rows = values.map((value) => `SELECT ${value} AS c`).join(' UNION ALL ')
      await connection.run(`COPY (${rows}) TO '${file}' (FORMAT parquet)`)
      return duckdbRows(connection, file)
    }
    const fromArrow = (slice: arrow.Vector): Promise<PlainRows> => arrowRows(batchesOf(slice), undefined)

    it('sees the same rows in Arrow and in DuckDB, whatever their order', async () => {
      expect(rowDifference(await fromDuckdb(first, 'NULL', last), await fromArrow(vector), schema)).toBeUndefined()
      expect(rowDifference(await fromDuckdb(last, 'NULL', first), await fromArrow(vector), schema)).toBeUndefined()
    })

    it('sees the rows of a slice', async () => {
      expect(rowDifference(await fromDuckdb('NULL', last), await fromArrow(vector.slice(1)), schema)).toBeUndefined()
    })

    it('notices another value, a row too many and a row too few', async () => {
      const expected = await fromDuckdb(first, 'NULL', last)
      for (const values of [
        [first, first, last],
        [first, 'NULL', last, last],
        [first, 'NULL'],
      ]) {
        expect(rowDifference(expected, await fromDuckdb(...values), schema)).toBeDefined()
      }
    })
  })

  it('notices a column of another name', () => {
    const schema: StructJson = { type: 'struct', fields: [{ name: 'c', type: 'long' }] }
    const expected: PlainRows = { columns: ['c'], rows: [] }
    expect(rowDifference(expected, { columns: ['C'], rows: [] }, schema)).toBe('columns C, expected c')
  })

  it('refuses text in a long column', () => {
    const schema: StructJson = { type: 'struct', fields: [{ name: 'c', type: 'long' }] }
    const actual: PlainRows = { columns: ['c'], rows: [['1']] }
    expect(() => rowDifference({ columns: ['c'], rows: [[1n]] }, actual, schema)).toThrow('no long')
  })

  it('takes a variant for its JSON', () => {
    const schema: StructJson = { type: 'struct', fields: [{ name: 'c', type: 'variant' }] }
    const metadata = Uint8Array.of(1, 2, 0, 1, 2, 0x61, 0x62)
    const value = Uint8Array.of(0x02, 2, 0, 1, 0, 2, 4, 0x0c, 7, 0x05, 0x78)
    const expected: PlainRows = {
      columns: ['c'],
      rows: [
        [
          {
            fields: new Map([
              ['metadata', metadata],
              ['value', value],
            ]),
          },
        ],
      ],
    }
    expect(rowDifference(expected, { columns: ['c'], rows: [['{"b":"x","a":7}']] }, schema)).toBeUndefined()
    expect(rowDifference(expected, { columns: ['c'], rows: [['{"b":"y","a":7}']] }, schema)).toBeDefined()
  })
})

function ints(type: arrow.DataType, values: readonly unknown[]): arrow.Vector {
  return arrow.vectorFromArray(values, type)
}

/** `first`, null, `last`. */
function micros(zone: string | null, [first, last]: readonly [bigint, bigint]): arrow.Vector {
  const type = new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, zone)
  return arrow.makeVector(
    arrow.makeData({
      type,
      length: 3,
      nullCount: 1,
      nullBitmap: Uint8Array.of(5),
      data: BigInt64Array.of(first, 0n, last),
    }),
  )
}

/** `first`, null, `last`. */
function decimals([first, last]: readonly [bigint, bigint]): arrow.Vector {
  const words = [first, 0n, last].flatMap((value) =>
    [0n, 32n, 64n, 96n].map((shift) => Number((value >> shift) & 0xffffffffn)),
  )
  const type = new arrow.Decimal(2, 38, 128)
  return arrow.makeVector(
    arrow.makeData({ type, length: 3, nullCount: 1, nullBitmap: Uint8Array.of(5), data: Uint32Array.from(words) }),
  )
}

async function* batchesOf(vector: arrow.Vector): AsyncGenerator<arrow.RecordBatch> {
  yield* new arrow.Table({ c: vector }).batches
}
