import { describe, expect, it } from 'vitest'
import { col } from '../../src/expressions/column-builder.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import { referencedColumns } from '../../src/expressions/referenced-columns.js'

describe('conditions on columns', () => {
  it('are plain predicates', () => {
    const built: Predicate = col('kind')
      .eq('click')
      .and(col('at').ge('2026-01-01'), col('n').in([1, null]))
      .or(col('x.y').isNull().not())
    expect(JSON.parse(JSON.stringify(built))).toEqual({
      op: 'or',
      children: [
        {
          op: 'and',
          children: [
            { op: 'eq', column: ['kind'], value: 'click' },
            { op: 'ge', column: ['at'], value: '2026-01-01' },
            { op: 'in', column: ['n'], values: [1, null] },
          ],
        },
        { op: 'not', child: { op: 'isNull', column: ['x', 'y'] } },
      ],
    })
  })

  it('have a form for every comparison', () => {
    const a = col('a')
    expect([a.ne(1), a.lt(1), a.le(1), a.gt(1), a.ge(1), a.isNotNull(), a.startsWith('x')].map(({ op }) => op)).toEqual(
      ['ne', 'lt', 'le', 'gt', 'ge', 'isNotNull', 'startsWith'],
    )
    expect(a.between(1, 5)).toEqual(a.ge(1).and(a.le(5)))
  })

  it('never change when others are attached', () => {
    const first = col('a').eq(1)
    const before = JSON.stringify(first)
    first.and(col('b').eq(2)).or(first).not()
    expect(JSON.stringify(first)).toBe(before)
    expect(Object.isFrozen(first)).toBe(true)
  })

  it.each([
    ['a.b', ['a', 'b']],
    ['`a.b`.c', ['a.b', 'c']],
    ['`x``y`', ['x`y']],
    [
      ['a.b', 'c'],
      ['a.b', 'c'],
    ],
    ['naïve name', ['naïve name']],
  ])('name the column %j', (name, path) => {
    expect(col(name).isNull()).toEqual({ op: 'isNull', column: path })
  })

  it.each(['', '.', 'a.', '.a', 'a..b', '`a', '``', 'a`b', []])('refuse the name %j', (name) => {
    expect(() => col(name)).toThrow(expect.objectContaining({ code: 'InvalidPredicate' }))
  })

  it('refuse a comparison with nothing', () => {
    expect(() => col('a').eq(null as never)).toThrow(/isNull\(\)/)
    expect(() => col('a').gt(undefined as never)).toThrow(expect.objectContaining({ code: 'InvalidPredicate' }))
  })

  it('tell the columns that they need', () => {
    const predicate = col('a')
      .eq(1)
      .or(col('b.c').in([1]), col('a').isNull().not(), { op: 'opaque', sql: 'd > 1' })
    expect(referencedColumns(predicate)).toEqual([['a'], ['b', 'c']])
  })
})
