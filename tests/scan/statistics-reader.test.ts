import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import type { ColumnTree } from '../../src/protocol/statistics/file-statistics.js'
import { parseStatistics } from '../../src/protocol/statistics/parse-statistics.js'
import { StatisticsReader } from '../../src/scan/statistics-reader.js'
import type { DataType, StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { leavesOf } from '../support/arbitrary-predicate.js'
import { columnNames, comparableType } from '../support/arbitrary-type.js'

/** JSON text of numbers and texts as writers have been seen to put them, most of them fit for no type but one. */
const values = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    'false',
    '""',
    '"NaN"',
    '-0',
    '-0.0',
    '1e400',
    '5.0',
    '-1E-7',
    '9007199254740993',
    '{}',
    '[1]',
  ),
  fc.constantFrom(
    '"2026-01-01"',
    '"2026-02-29"',
    '"1969-12-31"',
    '"-0044-03-15"',
    '"+12026-01-01"',
    '"0001-01-01"',
    '"2026-13-01"',
    '"2026-1-1 "',
  ),
  fc.constantFrom(
    '"2026-01-01T00:00:00.123Z"',
    '"2026-01-01T00:00:00.123"',
    '"2026-01-01T00:00:00.123456Z"',
    '"1969-12-31T23:59:59.999Z"',
    '"9999-12-31T23:59:59.999Z"',
    '"2026-01-01T24:00:00.000Z"',
    '"2026-01-01T00:00:00.000-08:00"',
    '"2026-02-30T00:00:00.000Z"',
    '"2026-01-01 00:00:00"',
  ),
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.integer(), fc.nat({ max: 1e6 })).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc
    .string({ unit: fc.constantFrom('a', '"', '\\', '{', '}', ',', ':', 'é', '\u{1f600}', '\n') })
    .map((text) => JSON.stringify(text)),
)

const flatFields = fc.uniqueArray(fc.record({ name: columnNames, dataType: comparableType }), {
  minLength: 1,
  maxLength: 4,
  selector: ({ name }) => name,
})
const nestedFields = fc
  .tuple(flatFields, flatFields)
  .map(([outer, inner]) => [...outer, { name: 'minValues', dataType: structOf(inner) as DataType }])

const structOf = (fields: readonly { name: string; dataType: DataType }[]): StructType => ({
  type: 'struct',
  fields: fields.map((field) => ({ ...field, nullable: true, metadata: {} })),
})

/** An object with some of the columns, in any order, and sometimes others. */
function objectOf({ fields }: StructType, space: string): fc.Arbitrary<string> {
  const members = fields.map(({ name, dataType }) =>
    (dataType.type === 'struct' ? objectOf(dataType, space) : values).map(
      (value) => `${JSON.stringify(name)}:${space}${value}`,
    ),
  )
  const other = fc.constantFrom(`"other ":${space}1`, `"maxValues":${space}"}"`, `"x\\"id":${space}{"id":5}`)
  return fc
    .tuple(
      fc.tuple(...members.map((member) => fc.option(member, { freq: 4 }))),
      fc.option(other, { nil: null, freq: 1 }),
      fc.boolean(),
    )
    .map(([own, more, reversed]) => {
      const all = [...own, more].filter((member) => member !== null)
      return `{${(reversed ? all.reverse() : all).join(`,${space}`)}}`
    })
}

const texts = (schema: StructType): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom('', '', ' '), fc.constantFrom('', '', 'tail', 'first')).chain(([space, odd]) => {
    const object = objectOf(schema, space)
    return fc
      .record({
        numRecords: fc.constantFrom('0', '10', '1000000', '5.0', '9007199254740993', '-1', 'null'),
        tightBounds: fc.option(fc.constantFrom('true', 'false')),
        minValues: fc.option(object, { freq: 6 }),
        maxValues: fc.option(object, { freq: 6 }),
        nullCount: fc.option(object, { freq: 6 }),
        statsWithCollation: fc.option(object, { freq: 1 }),
      })
      .map((members) => {
        const own = Object.entries(members).filter(([, value]) => value !== null)
        if (odd === 'first') own.reverse()
        const text = `{${space}${own.map(([name, value]) => `"${name}":${space}${value}`).join(`,${space}`)}${space}}`
        return odd === 'tail' ? `${text}\n` : text
      })
  })

function at<T>(tree: ColumnTree<T> | undefined, path: readonly string[]): T | undefined {
  return path.reduce<unknown>((node, name) => (node instanceof Map ? node.get(name) : undefined), tree) as T | undefined
}

/** Minus zero orders as zero does. */
const oneZero = (value: unknown): unknown => (value === 0 ? 0 : value)

const cases = fc
  .oneof(flatFields, flatFields, nestedFields)
  .map((fields) => structOf(fields))
  .chain((schema) =>
    fc.record({ schema: fc.constant(schema), stats: fc.array(texts(schema), { minLength: 1, maxLength: 4 }) }),
  )

describe('statistics read piece by piece', () => {
  it('are those of the full parser', () => {
    let found = 0
    fc.assert(
      fc.property(cases, ({ schema, stats }) => {
        const children = leavesOf(schema).map(([column]) => ({ op: 'isNull' as const, column }))
        const { columns } = bindPredicate({ op: 'and', children }, schema)
        const reader = new StatisticsReader(columns, 'none')
        for (const text of [...stats, undefined, ...stats]) {
          reader.openText(text)
          const full = text === undefined ? undefined : parseStatistics(text, schema)
          for (const [k, { path }] of columns.entries()) {
            const { min, max, nullCount, numRecords } = reader.columns[k] ?? {}
            found += Number(min !== undefined)
            expect([min, max, nullCount, numRecords].map(oneZero)).toEqual(
              [at(full?.minValues, path), at(full?.maxValues, path), at(full?.nullCount, path), full?.numRecords].map(
                oneZero,
              ),
            )
          }
        }
      }),
      { numRuns: 600 },
    )
    expect(found).toBeGreaterThan(100)
  })

  it('are found under physical names', () => {
    const schema = parseSchemaText('n INT')
    const [field] = schema.fields
    const metadata = { 'delta.columnMapping.physicalName': 'col "1"' }
    const { columns } = bindPredicate(
      { op: 'isNull', column: ['n'] },
      { type: 'struct', fields: [{ ...(field as (typeof schema.fields)[number]), metadata }] },
    )
    const text = JSON.stringify({ numRecords: 1, minValues: { n: 1, 'col "1"': 2 }, nullCount: { 'col "1"': 3 } })
    const min = (mode: 'none' | 'name'): unknown => {
      const reader = new StatisticsReader(columns, mode)
      reader.openText(text)
      return reader.columns[0]?.min
    }
    expect([min('none'), min('name')]).toEqual([1, 2])
  })
})
