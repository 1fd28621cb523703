import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePredicate } from '../../../src/engine/duckdb/parse-predicate.js'
import { Planner } from '../../../src/engine/duckdb/planner/planner.js'
import type { Predicate } from '../../../src/expressions/predicate.js'
import type { DataType, StructType } from '../../../src/schema/data-type.js'

const field = (name: string, dataType: DataType) => ({ name, dataType, nullable: true, metadata: {} })
const schema: StructType = {
  type: 'struct',
  fields: [
    field('id', { type: 'long' }),
    field('kind', { type: 'string' }),
    field('day', { type: 'date' }),
    field('at', { type: 'timestamp' }),
    field('local', { type: 'timestamp_ntz' }),
    field('price', { type: 'decimal', precision: 10, scale: 2 }),
    field('big', { type: 'decimal', precision: 38, scale: 2 }),
    field('ratio', { type: 'double' }),
    field('ok', { type: 'boolean' }),
    field('raw', { type: 'binary' }),
    field('s', {
      type: 'struct',
      fields: [
        field('x', { type: 'integer' }),
        field('y', { type: 'struct', fields: [field('z', { type: 'string' })] }),
      ],
    }),
    field('odd "name', { type: 'long' }),
    field('order', { type: 'long' }),
  ],
}

let planner: Planner
beforeAll(async () => {
  planner = await Planner.open()
})
afterAll(() => planner.close())

const parse = (sql: string): Promise<Predicate> => parsePredicate(planner, sql, schema)

describe('a condition in SQL becomes a predicate', () => {
  const cases: readonly (readonly [string, Predicate])[] = [
    ['id = 5', { op: 'eq', column: ['id'], value: 5n }],
    ['7 < id', { op: 'gt', column: ['id'], value: 7n }],
    ['id = 9223372036854775807', { op: 'eq', column: ['id'], value: 9223372036854775807n }],
    ['"odd ""name" <> 1', { op: 'ne', column: ['odd "name'], value: 1n }],
    ["KIND = 'it''s'", { op: 'eq', column: ['kind'], value: "it's" }],
    ["kind LIKE 'abc%'", { op: 'startsWith', column: ['kind'], prefix: 'abc' }],
    ["starts_with(kind, 'a')", { op: 'startsWith', column: ['kind'], prefix: 'a' }],
    ["kind IN ('a', 'b', NULL)", { op: 'in', column: ['kind'], values: ['a', 'b', null] }],
    ['id NOT IN (1, 2)', { op: 'not', child: { op: 'in', column: ['id'], values: [1n, 2n] } }],
    ['kind IS NULL', { op: 'isNull', column: ['kind'] }],
    ['s.y.z IS NOT NULL', { op: 'isNotNull', column: ['s', 'y', 'z'] }],
    ['s.x = 3', { op: 'eq', column: ['s', 'x'], value: 3 }],
    ["kind IS NOT DISTINCT FROM 'a'", { op: 'nullSafeEq', column: ['kind'], value: 'a' }],
    ['id IS DISTINCT FROM 1', { op: 'not', child: { op: 'nullSafeEq', column: ['id'], value: 1n } }],
    ["day > '2020-01-01'", { op: 'gt', column: ['day'], value: '2020-01-01' }],
    ["day = DATE '1969-12-31' + INTERVAL 1 DAY", { op: 'eq', column: ['day'], value: '1970-01-01' }],
    [
      "at >= TIMESTAMP '2020-01-02 00:00:00.000001' - INTERVAL 1 DAY",
      { op: 'ge', column: ['at'], value: '2020-01-01T00:00:00.000001Z' },
    ],
    ["at = '2020-01-01T00:00:00+02:00'", { op: 'eq', column: ['at'], value: '2019-12-31T22:00:00.000000Z' }],
    ["local = '2020-01-01'", { op: 'eq', column: ['local'], value: '2020-01-01T00:00:00.000000' }],
    ['price > 7', { op: 'gt', column: ['price'], value: '7.00' }],
    [
      'big = 12345678901234567890123456789012345.12',
      { op: 'eq', column: ['big'], value: '12345678901234567890123456789012345.12' },
    ],
    [
      'big = -12345678901234567890123456789012345.12',
      { op: 'eq', column: ['big'], value: '-12345678901234567890123456789012345.12' },
    ],
    ["ratio = 'nan'", { op: 'eq', column: ['ratio'], value: Number.NaN }],
    ["ratio > '-inf'::DOUBLE", { op: 'gt', column: ['ratio'], value: Number.NEGATIVE_INFINITY }],
    ['ok', { op: 'eq', column: ['ok'], value: true }],
    ['NOT ok', { op: 'not', child: { op: 'eq', column: ['ok'], value: true } }],
    ["raw = '\\x00\\xAAz'::BLOB", { op: 'eq', column: ['raw'], value: Uint8Array.of(0, 0xaa, 0x7a) }],
    ['true', { op: 'constant', value: true }],
    ['1 = 2', { op: 'constant', value: false }],
    ['id = NULL', { op: 'constant', value: null }],
    ['id = 1 -- a comment', { op: 'eq', column: ['id'], value: 1n }],
    [
      "id BETWEEN 1 AND 5 AND (kind = 'a' OR kind = 'b')",
      {
        op: 'and',
        children: [
          { op: 'ge', column: ['id'], value: 1n },
          {
            op: 'or',
            children: [
              { op: 'eq', column: ['kind'], value: 'a' },
              { op: 'eq', column: ['kind'], value: 'b' },
            ],
          },
          { op: 'le', column: ['id'], value: 5n },
        ],
      },
    ],
  ]
  test.each(cases)('%s', async (sql, predicate) => {
    expect(await parse(sql)).toEqual(predicate)
  })

  test('columns may be named like keywords', async () => {
    const at: Predicate = { op: 'gt', column: ['at'], value: '2020-01-01T00:00:00.000000Z' }
    expect(await parse("kind <> 'ünï😀' AND at > '2020-01-01' AND order = 1")).toMatchObject({
      op: 'and',
      children: [{ op: 'ne' }, at, { op: 'eq', column: ['order'], value: 1n }],
    })
    expect(await parse("at AT TIME ZONE 'UTC' = '2020-01-01'")).toEqual({
      op: 'opaque',
      sql: `"at" AT TIME ZONE 'UTC' = '2020-01-01'`,
    })
  })

  test('what has no form stays as SQL, beside what it implies', async () => {
    expect(await parse("lower(kind) = 'a'")).toEqual({ op: 'opaque', sql: "lower(kind) = 'a'" })
    expect(await parse("id = 1 AND lower(kind) = 'a'")).toEqual({
      op: 'and',
      children: [
        { op: 'eq', column: ['id'], value: 1n },
        { op: 'opaque', sql: "id = 1 AND lower(kind) = 'a'" },
      ],
    })
  })
})

describe('a text that is no condition is refused', () => {
  test.each([
    ['nosuch = 1', 'UnknownColumn', /nosuch/],
    ['kinds = 1', 'UnknownColumn', /Did you mean "kind"/],
    ['id', 'InvalidPredicate', /BIGINT, not BOOLEAN/],
    ['id +', 'InvalidPredicate', /syntax error/],
    ['id = ?', 'InvalidPredicate', /parameter/],
    ['count(*) > 1', 'InvalidPredicate', /aggregate/],
    ['row_number() OVER () = 1', 'InvalidPredicate', /window/],
    ['id IN (SELECT 1)', 'InvalidPredicate', /subquery/],
    ["EXISTS (SELECT * FROM '/etc/passwd')", 'InvalidPredicate', /subquery/],
    ['true) UNION ALL SELECT * FROM "table" WHERE (true', 'InvalidPredicate', /more than a condition/],
    ['true) ORDER BY (id', 'InvalidPredicate', /more than a condition/],
    ['true); DROP TABLE x; SELECT (1', 'InvalidPredicate', /SELECT|statements/],
    ['', 'InvalidPredicate', /syntax error/],
  ])('%s', async (sql, code, message) => {
    await expect(parse(sql)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
