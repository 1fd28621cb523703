import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import type { BoundColumn } from '../../src/expressions/bound-predicate.js'
import { ALL_NULL, ANY_VALUE, type ColumnBounds } from '../../src/expressions/column-bounds.js'
import { col } from '../../src/expressions/column-builder.js'
import { evaluate } from '../../src/expressions/evaluate.js'
import { mightMatch } from '../../src/expressions/might-match.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import type { StructType } from '../../src/schema/data-type.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { predicateOver } from '../support/arbitrary-predicate.js'
import { scalarOf } from '../support/arbitrary-scalar.js'
import { comparableType } from '../support/arbitrary-type.js'

/** The tightest bounds of some rows, NaN left out as Parquet writers do. */
function boundsOf(rows: readonly (Scalar | null)[], { order, dataType }: BoundColumn): ColumnBounds {
  const values = rows.filter((value) => value !== null)
  const ordered = values.filter((value) => !Number.isNaN(value)).sort(order)
  const known = dataType.type !== 'binary'
  return {
    min: known ? ordered[0] : undefined,
    max: known ? ordered.at(-1) : undefined,
    mayBeNull: values.length < rows.length,
    mayBeValue: values.length > 0,
  }
}

const cases = fc.tuple(comparableType, comparableType).chain(([a, b]) => {
  const fields = [a, b].map((dataType, i) => ({ name: `c${i}`, dataType, nullable: true, metadata: {} }))
  const schema: StructType = { type: 'struct', fields }
  return fc.record({
    schema: fc.constant(schema),
    rows: fc.array(fc.tuple(fc.option(scalarOf(a)), fc.option(scalarOf(b))), { minLength: 1, maxLength: 4 }),
    predicate: predicateOver(schema),
  })
})

describe('bounds', () => {
  it('never rule out rows that match, and rule out many that do not', () => {
    let ruledOut = 0
    let matching = 0
    fc.assert(
      fc.property(cases, ({ schema, rows, predicate }) => {
        const bound = bindPredicate(predicate, schema)
        const value = (row: (typeof rows)[number], { path: [name] }: BoundColumn): Scalar | null =>
          row[name === 'c0' ? 0 : 1]
        const might = mightMatch(bound, (column) =>
          boundsOf(
            rows.map((row) => value(row, column)),
            column,
          ),
        )
        const matches = rows.some((row) => evaluate(bound, (column) => value(row, column)) === true)
        if (matches) expect(might).toBe(true)
        matching += Number(matches)
        ruledOut += Number(!might)
      }),
      { numRuns: 1500 },
    )
    expect(matching).toBeGreaterThan(150)
    expect(ruledOut).toBeGreaterThan(150)
  })

  const schema = parseSchemaText('n INT, d DOUBLE, s STRING, flag BOOLEAN')
  const might = (predicate: Predicate, bounds: Partial<ColumnBounds>): boolean =>
    mightMatch(bindPredicate(predicate, schema), () => ({ mayBeNull: false, mayBeValue: true, ...bounds }))
  const n = col('n')
  const d = col('d')
  const s = col('s')

  it.each<[string, Predicate, boolean]>([
    ['= below', n.eq(4), false],
    ['= inside', n.eq(7), true],
    ['= above', n.eq(11), false],
    ['<', n.lt(5), false],
    ['<=', n.le(5), true],
    ['>', n.gt(10), false],
    ['>=', n.ge(10), true],
    ['between', n.between(11, 20), false],
    ['in', n.in([1, 4, 11]), false],
    ['in, one inside', n.in([1, 7, 11]), true],
    ['not <=', n.le(10).not(), false],
    ['not or', n.ge(5).or(n.eq(20)).not(), false],
    ['not and', n.gt(3).and(n.lt(11)).not(), false],
    ['is null', n.isNull(), false],
    ['not null', n.isNotNull(), true],
    ['or', n.eq(4).or(n.eq(7)), true],
    ['opaque', { op: 'and', children: [n.eq(7), { op: 'opaque', sql: 'x' }] }, true],
    ['opaque and out', { op: 'and', children: [n.eq(4), { op: 'opaque', sql: 'x' }] }, false],
    ['unknown', { op: 'constant', value: null }, false],
  ])('5 to 10 without nulls: %s', (_, predicate, expected) => {
    expect(might(predicate, { min: 5, max: 10 })).toBe(expected)
  })

  it('that are one value rule out what is not that value', () => {
    expect(might(n.ne(5), { min: 5, max: 5 })).toBe(false)
    expect(might(n.in([4, 5]).not(), { min: 5, max: 5 })).toBe(false)
    expect(might(n.in([4, null]).not(), { min: 5, max: 5 })).toBe(false)
    expect(might(n.ne(5), { min: 5, max: 6 })).toBe(true)
  })

  it('allow for NaN, unless the condition itself excludes it', () => {
    const bounds = { min: 1, max: 3 }
    expect(might(d.gt(5), bounds)).toBe(true)
    expect(might(d.eq(Number.NaN), bounds)).toBe(true)
    expect(might(d.le(5).not(), bounds)).toBe(true)
    expect(might(d.eq(5), bounds)).toBe(false)
    expect(might(d.lt(1), bounds)).toBe(false)
    expect(might(d.between(5, 6), bounds)).toBe(false)
    expect(might(d.gt(5).and(d.ge(4)), bounds)).toBe(true)
    expect(might(d.gt(5).and(d.lt(6), n.eq(1)), bounds)).toBe(false)
    expect(might(d.between(5, 6).not(), bounds)).toBe(true)
    expect(might(d.ne(2), { min: 2, max: 2 })).toBe(true)
  })

  it('of texts rule out prefixes that lie outside', () => {
    const bounds = { min: 'bb', max: 'dd' }
    expect(
      ['a', 'b', 'bb', 'ba', 'c', 'd', 'dd', 'de', 'e', ''].filter((prefix) => might(s.startsWith(prefix), bounds)),
    ).toEqual(['b', 'bb', 'c', 'd', 'dd', ''])
    expect(might(s.startsWith('ab').not(), { min: 'aba', max: 'abz' })).toBe(false)
    expect(might(s.startsWith('ab').not(), { min: 'aa', max: 'abz' })).toBe(true)
  })

  it('of null rows only, or of no nulls, decide about null', () => {
    const always = (predicate: Predicate, bounds: ColumnBounds): boolean =>
      mightMatch(bindPredicate(predicate, schema), () => bounds)
    expect(always(n.isNull(), ALL_NULL)).toBe(true)
    expect(always(n.isNotNull(), ALL_NULL)).toBe(false)
    expect(always(n.ne(1), ALL_NULL)).toBe(false)
    expect(always(n.lt(1e20), ALL_NULL)).toBe(false)
    expect(always(n.lt(1e20), ANY_VALUE)).toBe(true)
    expect(always(n.eq(1), ANY_VALUE)).toBe(true)
  })
})
