import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDate, parseDate } from '../../src/schema/date-text.js'
import { formatDecimal, formatFloating, parseDecimal, parseFloating } from '../../src/schema/number-text.js'
import { formatTimestamp, parseTimestamp } from '../../src/schema/timestamp-text.js'

describe('texts of scalars', () => {
  it('of dates and instants come back, and are those of Date', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') }),
        (date) => {
          const iso = date.toISOString()
          const days = Math.floor(date.getTime() / 86_400_000)
          const micros = BigInt(date.getTime()) * 1000n
          expect(formatDate(days)).toBe(iso.slice(0, 10))
          expect(parseDate(iso.slice(0, 10))).toBe(days)
          expect(`${formatTimestamp(micros, { separator: 'T', digits: 3 })}Z`).toBe(iso)
          expect(parseTimestamp(iso)).toBe(micros)
        },
      ),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 18n }), (micros) => {
        expect(parseTimestamp(formatTimestamp(micros))).toBe(micros)
      }),
    )
  })

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-32', '2026-01', 'today', '', '2026-01-01x'])(
    'refuse the date %j',
    (text) => {
      expect(parseDate(text)).toBeUndefined()
    },
  )

  it.each([
    '2026-01-01 24:00:00',
    '2026-01-01 00:60:00',
    '2026-02-30 00:00:00',
    '2026-01-01T00:00:00+19:00',
    '00:00:00',
  ])('refuse the instant %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })

  it('of decimals come back at any scale', () => {
    const type = fc
      .integer({ min: 1, max: 38 })
      .chain((precision) =>
        fc.tuple(
          fc.constant(precision),
          fc.integer({ min: 0, max: precision }),
          fc.bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n }),
        ),
      )
    fc.assert(
      fc.property(type, ([precision, scale, unscaled]) => {
        expect(parseDecimal(formatDecimal(unscaled, scale), precision, scale)).toBe(unscaled)
      }),
    )
    expect(parseDecimal('1.5E3', 10, 2)).toBe(150_000n)
    expect(parseDecimal('0.005', 10, 2)).toBeUndefined()
    expect(parseDecimal('100000000', 10, 2)).toBeUndefined()
    expect(parseDecimal('.', 10, 2)).toBeUndefined()
  })

  it('of floats and doubles come back bit for bit', () => {
    fc.assert(
      fc.property(fc.double(), fc.float(), (double, float) => {
        expect(parseFloating(formatFloating(double, 'double'))).toBe(double)
        expect(Math.fround(parseFloating(formatFloating(float, 'float')) as number)).toBe(float)
      }),
    )
    expect([
      formatFloating(Math.fround(0.1), 'float'),
      formatFloating(1e21, 'double'),
      formatFloating(-0, 'double'),
    ]).toEqual(['0.1', '1.0E21', '-0.0'])
    expect(parseFloating('0x10')).toBeUndefined()
  })
})
