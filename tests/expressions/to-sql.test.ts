import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import { evaluate } from '../../src/expressions/evaluate.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import { scalarSql } from '../../src/expressions/scalar-sql.js'
import { predicateToSql } from '../../src/expressions/to-sql.js'
import type { DataType, StructType } from '../../src/schema/data-type.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { predicateOver } from '../support/arbitrary-predicate.js'
import { scalarOf } from '../support/arbitrary-scalar.js'
import { comparableType } from '../support/arbitrary-type.js'

const DUCKDB_TYPES: { readonly [type: string]: string } = {
  boolean: 'BOOLEAN',
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
}

let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
})

afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

const field = (name: string, dataType: DataType): StructType['fields'][number] => ({
  name,
  dataType,
  nullable: true,
  metadata: {},
})

/** A column of each of two types beside a struct of the second. */
const tables = fc.tuple(comparableType, comparableType).chain(([a, b]) => {
  const inside: StructType = { type: 'struct', fields: [field(`x'"y`, b)] }
  const schema: StructType = { type: 'struct', fields: [field('a "b', a), field('s.t', inside)] }
  const row = fc.tuple(fc.option(scalarOf(a)), fc.option(scalarOf(b)))
  return fc.record({
    schema: fc.constant(schema),
    types: fc.constant([a, b] as const),
    rows: fc.array(row, { minLength: 1, maxLength: 5 }),
    predicates: fc.array(predicateOver(schema), { minLength: 1, maxLength: 5 }),
  })
})

function sqlOf(value: Scalar | null, type: DataType): string {
  const name = type.type === 'decimal' ? `DECIMAL(${type.precision}, ${type.scale})` : DUCKDB_TYPES[type.type]
  return `CAST(${value === null ? 'NULL' : scalarSql(value, type)} AS ${name})`
}

describe('a predicate in SQL', () => {
  it('is true, false and null in DuckDB for the same rows as here', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ schema, types, rows, predicates }) => {
        const values = rows.map(
          ([a, b], i) => `(${i}, ${sqlOf(a, types[0])}, struct_pack("x'""y" := ${sqlOf(b, types[1])}))`,
        )
        const selected = predicates.map((predicate) => predicateToSql(predicate, schema))
        const result = await connection.runAndReadAll(
          `SELECT ${selected.join(', ')} FROM (VALUES ${values.join(', ')}) AS t(i, "a ""b", "s.t") ORDER BY i`,
        )
        const here = rows.map(([a, b]) =>
          predicates.map((predicate) =>
            evaluate(bindPredicate(predicate, schema), (column) => (column.path.length === 1 ? a : b)),
          ),
        )
        expect(result.getRows()).toEqual(here)
      }),
      { numRuns: 150 },
    )
  })

  it.each<[Predicate, string]>([
    [{ op: 'eq', column: ['NAME'], value: "o'clock" }, `("name" = 'o''clock')`],
    [{ op: 'lt', column: ['n'], value: 1.5 }, '("n" <= 1)'],
    [{ op: 'in', column: ['s', 'X'], values: [1, null] }, `(struct_extract("s", 'x') IN (1, NULL))`],
    [{ op: 'startsWith', column: ['name'], prefix: 'a%\0' }, `starts_with("name", ('a%' || chr(0) || ''))`],
    [{ op: 'and', children: [] }, 'TRUE'],
    [{ op: 'opaque', sql: 'n > 1 -- so' }, '(n > 1 -- so\n)'],
  ])('quotes names and values: %j', (predicate, sql) => {
    expect(predicateToSql(predicate, parseSchemaText('name STRING, n INT, s STRUCT<x: INT>'))).toBe(sql)
  })
})
