import { describe, expect, it } from 'vitest'
import { bindPredicate } from '../../src/expressions/bind.js'
import { evaluate } from '../../src/expressions/evaluate.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const schema = parseSchemaText('a INT, d DOUBLE, s STRING')
const holds = (predicate: Predicate, value: Scalar | null): boolean | null =>
  evaluate(bindPredicate(predicate, schema), () => value)
const constant = (value: boolean | null): Predicate => ({ op: 'constant', value })
const VALUES = [true, false, null] as const

describe('three-valued logic', () => {
  it('of AND, OR and NOT is that of SQL', () => {
    const truth: (boolean | null)[][] = []
    for (const a of VALUES) {
      for (const b of VALUES) {
        const children = [constant(a), constant(b)]
        truth.push([a, b, holds({ op: 'and', children }, null), holds({ op: 'or', children }, null)])
      }
    }
    expect(truth).toEqual([
      [true, true, true, true],
      [true, false, false, true],
      [true, null, null, true],
      [false, true, false, true],
      [false, false, false, false],
      [false, null, false, null],
      [null, true, null, true],
      [null, false, false, null],
      [null, null, null, null],
    ])
    expect(VALUES.map((value) => holds({ op: 'not', child: constant(value) }, null))).toEqual([false, true, null])
    expect([holds({ op: 'and', children: [] }, null), holds({ op: 'or', children: [] }, null)]).toEqual([true, false])
  })

  it('of IN with a null in the list is never false', () => {
    const values = [1, 3, null]
    const rows = [1, 2, null]
    expect(rows.map((row) => holds({ op: 'in', column: ['a'], values }, row))).toEqual([true, null, null])
    expect(rows.map((row) => holds({ op: 'not', child: { op: 'in', column: ['a'], values } }, row))).toEqual([
      false,
      null,
      null,
    ])
    expect(rows.map((row) => holds({ op: 'in', column: ['a'], values: [null] }, row))).toEqual([null, null, null])
    expect(rows.map((row) => holds({ op: 'in', column: ['a'], values: [] }, row))).toEqual([false, false, false])
  })

  it('of comparisons with null is unknown, and false or true where nulls are equal', () => {
    expect(holds({ op: 'eq', column: ['a'], value: null }, 1)).toBeNull()
    expect(holds({ op: 'ne', column: ['a'], value: 1 }, null)).toBeNull()
    expect(holds({ op: 'nullSafeEq', column: ['a'], value: null }, null)).toBe(true)
    expect(holds({ op: 'nullSafeEq', column: ['a'], value: null }, 1)).toBe(false)
    expect(holds({ op: 'nullSafeEq', column: ['a'], value: 1 }, null)).toBe(false)
    expect(holds({ op: 'nullSafeEq', column: ['a'], value: 1 }, 1)).toBe(true)
  })

  it('has NaN equal to itself and above all numbers, and zero equal to minus zero', () => {
    expect(holds({ op: 'eq', column: ['d'], value: Number.NaN }, Number.NaN)).toBe(true)
    expect(holds({ op: 'gt', column: ['d'], value: 5 }, Number.NaN)).toBe(true)
    expect(holds({ op: 'le', column: ['d'], value: Number.POSITIVE_INFINITY }, Number.NaN)).toBe(false)
    expect(holds({ op: 'eq', column: ['d'], value: 0 }, -0)).toBe(true)
    expect(holds({ op: 'in', column: ['d'], values: [3, Number.NaN, -0] }, Number.NaN)).toBe(true)
    expect(holds({ op: 'in', column: ['d'], values: [3, Number.NaN, -0] }, 0)).toBe(true)
  })

  it('orders texts by code points', () => {
    expect(holds({ op: 'gt', column: ['s'], value: '\u{ffff}' }, '\u{1f600}')).toBe(true)
    expect(holds({ op: 'startsWith', column: ['s'], prefix: 'a' }, null)).toBeNull()
  })
})
