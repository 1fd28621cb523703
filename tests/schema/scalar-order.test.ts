import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareScalars } from '../../src/schema/scalar-order.js'
import { scalarOf } from '../support/arbitrary-scalar.js'
import { comparableType } from '../support/arbitrary-type.js'

const typed = comparableType.chain((type) =>
  fc.tuple(fc.constant(type), scalarOf(type), scalarOf(type), scalarOf(type)),
)

describe('the order of scalars', () => {
  it('is a total order of every type', () => {
    fc.assert(
      fc.property(typed, ([type, a, b, c]) => {
        const sign = (x: typeof a, y: typeof a): number => Math.sign(compareScalars(type, x, y))
        expect(sign(a, a)).toBe(0)
        expect(sign(a, b) + sign(b, a)).toBe(0)
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0)
        if (sign(a, b) === 0) expect(sign(a, c)).toBe(sign(b, c))
      }),
    )
  })

  it('of strings is the order of their UTF-8 bytes', () => {
    const edges = fc.constantFrom(
      'a',
      '\u{7f}',
      '\u{80}',
      '\u{d7ff}',
      '\u{e000}',
      '\u{ffff}',
      '\u{10000}',
      '\u{10ffff}',
    )
    const strings = fc.string({ unit: fc.oneof(edges, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })) })
    fc.assert(
      fc.property(strings, strings, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(Math.sign(compareScalars({ type: 'string' }, a, b))).toBe(bytes)
      }),
    )
    expect(compareScalars({ type: 'string' }, '\u{ffff}', '\u{1f600}')).toBeLessThan(0)
  })

  it('of binary is by unsigned bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 4 })
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareScalars({ type: 'binary' }, a, b))).toBe(Buffer.compare(a, b))
      }),
    )
  })

  it('has NaN above everything and equal to itself, and one zero', () => {
    const compare = (a: number, b: number): number => compareScalars({ type: 'double' }, a, b)
    expect(compare(Number.NaN, Number.POSITIVE_INFINITY)).toBeGreaterThan(0)
    expect(compare(Number.NEGATIVE_INFINITY, Number.NaN)).toBeLessThan(0)
    expect(compare(Number.NaN, Number.NaN)).toBe(0)
    expect(compare(-0, 0)).toBe(0)
    expect(compareScalars({ type: 'boolean' }, false, true)).toBeLessThan(0)
  })
})
