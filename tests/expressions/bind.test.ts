import { describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import { evaluate } from '../../src/expressions/evaluate.js'
import type { Literal, Predicate } from '../../src/expressions/predicate.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const schema = parseSchemaText(`
  b TINYINT, i INT, l BIGINT, f FLOAT, d DOUBLE, dec DECIMAL(10,2), s STRING, bin BINARY, flag BOOLEAN, day DATE, at TIMESTAMP, local TIMESTAMP_NTZ,
  st STRUCT<Inner: INT>, tags ARRAY<INT>, v VARIANT, nothing VOID`)

const holds = (predicate: Predicate, value: Scalar | null): boolean | null =>
  evaluate(bindPredicate(predicate, schema), () => value)
const compare = (op: 'eq' | 'lt' | 'le' | 'gt' | 'ge' | 'ne', column: string, value: Literal): Predicate => ({
  op,
  column: column.split('.'),
  value,
})

describe('a literal', () => {
  it.each<[column: string, literal: Literal, equal: Scalar]>([
    ['l', 5, 5n],
    ['l', '9007199254740993', 9007199254740993n],
    ['l', 1e3, 1000n],
    ['b', 5n, 5],
    ['dec', 0.1, 10n],
    ['dec', '12.5', 1250n],
    ['dec', '-1e2', -10000n],
    ['f', '0.5', 0.5],
    ['d', 'NaN', Number.NaN],
    ['d', '-Infinity', Number.NEGATIVE_INFINITY],
    ['d', 3n, 3],
    ['flag', 'TRUE', true],
    ['day', '1970-01-02', 1],
    ['day', '1969-12-31', -1],
    ['day', '1970-01-02T00:00:00Z', 1],
    ['day', new Date('1970-01-03'), 2],
    ['at', '1970-01-01T00:00:00.000001Z', 1n],
    ['at', '1970-01-01T02:00:00+02:00', 0n],
    ['at', '1970-01-01 00:00:01', 1_000_000n],
    ['at', '1970-01-02', 86_400_000_000n],
    ['at', new Date(5), 5000n],
    ['at', Object.assign(new Date(5), { epochMicroseconds: 5001n }), 5001n],
    ['local', '1970-01-01T00:00:00.5', 500_000n],
    ['local', '1970-01-01T00:00:00Z', 0n],
    ['bin', 'ab', Uint8Array.of(97, 98)],
    ['s', '', ''],
  ])('for %s of %s is a value of its type', (column, literal, equal) => {
    expect(holds(compare('eq', column, literal), equal)).toBe(true)
    expect(holds(compare('ne', column, literal), equal)).toBe(false)
    expect(holds(compare('eq', column, literal), null)).toBeNull()
  })

  it.each<[column: string, literal: Literal, below: Scalar, above: Scalar]>([
    ['l', 1.5, 1n, 2n],
    ['l', -1.5, -2n, -1n],
    ['i', '0.000001', 0, 1],
    ['i', '-1e-50', -1, 0],
    ['b', 126.5, 126, 127],
    ['dec', '0.125', 12n, 13n],
    ['dec', -0.125, -13n, -12n],
    ['day', '1970-01-01 12:00:00', 0, 1],
    ['day', '1969-12-31T23:59:59.9Z', -1, 0],
    ['at', '1970-01-01T00:00:00.0000015', 1n, 2n],
    ['at', '1969-12-31T23:59:59.9999999Z', -1n, 0n],
    ['f', 0.1, 0.09999999403953552, 0.10000000149011612],
  ])('for %s of %s that lies between two values still compares right', (column, literal, below, above) => {
    expect(holds(compare('eq', column, literal), below)).toBe(false)
    expect(holds(compare('ne', column, literal), above)).toBe(true)
    for (const op of ['lt', 'le'] as const) {
      expect(holds(compare(op, column, literal), below)).toBe(true)
      expect(holds(compare(op, column, literal), above)).toBe(false)
    }
    for (const op of ['gt', 'ge'] as const) {
      expect(holds(compare(op, column, literal), below)).toBe(false)
      expect(holds(compare(op, column, literal), above)).toBe(true)
    }
    expect(holds({ op: 'in', column: [column], values: [literal] }, below)).toBe(false)
    expect(holds({ op: 'nullSafeEq', column: [column], value: literal }, null)).toBe(false)
  })

  it.each<[column: string, literal: Literal, value: Scalar]>([
    ['i', 1e20, 2 ** 31 - 1],
    ['l', 2n ** 63n, 2n ** 63n - 1n],
    ['l', Number.POSITIVE_INFINITY, 2n ** 63n - 1n],
    ['i', Number.NaN, 5],
    ['b', '128', 127],
    ['dec', '1e99999', 9_999_999_999n],
    ['dec', 100_000_000, 9_999_999_999n],
  ])('for %s of %s beyond its type is greater than every value, and not null', (column, literal, value) => {
    expect(holds(compare('lt', column, literal), value)).toBe(true)
    expect(holds(compare('ge', column, literal), value)).toBe(false)
    expect(holds(compare('ne', column, literal), value)).toBe(true)
    expect(holds(compare('lt', column, literal), null)).toBeNull()
  })

  it.each<[column: string, literal: Literal]>([
    ['i', -1e20],
    ['l', Number.NEGATIVE_INFINITY],
    ['dec', '-1e99999'],
  ])('for %s of %s below its type is smaller than every value', (column, literal) => {
    expect(holds(compare('gt', column, literal), column === 'i' ? -5 : -5n)).toBe(true)
    expect(holds(compare('le', column, literal), column === 'i' ? -5 : -5n)).toBe(false)
  })

  it.each<[column: string, literal: Literal, message: string]>([
    ['l', 'twelve', 'Column l is BIGINT and cannot be compared with the text "twelve".'],
    ['l', '0x10', 'cannot be compared'],
    ['l', '', 'cannot be compared'],
    ['l', true, 'the boolean true'],
    ['s', 5, 'Column s is STRING and cannot be compared with the number 5.'],
    ['day', '2026-02-30', 'Column day is DATE'],
    ['day', 5, 'cannot be compared'],
    ['at', 'yesterday', 'cannot be compared'],
    ['at', new Date(Number.NaN), 'an invalid date'],
    ['flag', 1, 'cannot be compared'],
    ['bin', 'é', 'cannot be compared'],
    ['d', Uint8Array.of(1), 'bytes'],
    ['d', undefined as never, 'the undefined'],
  ])('for %s of %s is refused', (column, literal, message) => {
    const expected = expect.objectContaining({ code: 'InvalidPredicate', message: expect.stringContaining(message) })
    expect(() => bindPredicate(compare('eq', column, literal), schema)).toThrow(expected)
    expect(() => bindPredicate({ op: 'in', column: [column], values: [literal] }, schema)).toThrow(expected)
  })
})

describe('a predicate', () => {
  it('finds its columns without case, inside structs too, each once', () => {
    const bound = bindPredicate(
      { op: 'and', children: [compare('eq', 'ST.inner', 1), compare('ne', 'st.INNER', 2), compare('eq', 'L', 1)] },
      schema,
    )
    expect(bound.columns.map(({ path, index }) => [index, path])).toEqual([
      [0, ['st', 'Inner']],
      [1, ['l']],
    ])
    expect(bound.opaque).toBe(false)
  })

  it('tells a column that is not there', () => {
    expect(() => bindPredicate(compare('eq', 'st.iner', 1), schema)).toThrow(
      expect.objectContaining({ code: 'UnknownColumn', message: expect.stringContaining('Inner') }),
    )
  })

  it.each(['st', 'tags', 'v'])('asks a nested column %s for null only', (column) => {
    expect(holds({ op: 'isNull', column: [column] }, null)).toBe(true)
    expect(holds({ op: 'isNotNull', column: [column] }, true)).toBe(true)
    expect(() => bindPredicate(compare('eq', column, 'x'), schema)).toThrow(
      expect.objectContaining({ code: 'InvalidPredicate' }),
    )
  })

  it('is never true of a void column but for its nulls', () => {
    expect(holds(compare('eq', 'nothing', 1), null)).toBeNull()
    expect(holds({ op: 'isNull', column: ['nothing'] }, null)).toBe(true)
    expect(holds({ op: 'nullSafeEq', column: ['nothing'], value: null }, null)).toBe(true)
    expect(holds({ op: 'startsWith', column: ['nothing'], prefix: 'a' }, null)).toBeNull()
  })

  it('takes prefixes of text only', () => {
    expect(holds({ op: 'startsWith', column: ['s'], prefix: 'a%' }, 'a%b')).toBe(true)
    expect(() => bindPredicate({ op: 'startsWith', column: ['l'], prefix: '1' }, schema)).toThrow(/startsWith/)
  })

  it('that is none is refused', () => {
    expect(() => bindPredicate({ op: 'like', column: ['s'] } as never, schema)).toThrow(
      expect.objectContaining({ code: 'InvalidPredicate' }),
    )
  })

  it('with SQL in it can be bound but not evaluated', () => {
    const predicate: Predicate = { op: 'not', child: { op: 'opaque', sql: 'length(s) > 3' } }
    expect(bindPredicate(predicate, schema).opaque).toBe(true)
    expect(() => holds(predicate, null)).toThrow(/length\(s\) > 3/)
  })
})
