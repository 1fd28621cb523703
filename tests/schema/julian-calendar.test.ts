import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDate, parseDate } from '../../src/schema/date-text.js'
import { FIRST_GREGORIAN_DAY, gregorianDay, gregorianMicros } from '../../src/schema/julian-calendar.js'

const day = (text: string): number => parseDate(text) as number

describe('days of the Julian calendar', () => {
  it.each([
    ['1582-10-15', '1582-10-15'],
    // Julian 1582-10-04 is the day before.
    ['1582-10-14', '1582-10-04'],
    ['1500-01-10', '1500-01-01'],
    // Julian 1500-02-29, a day that the Gregorian calendar lacks, is 1 March there.
    ['1500-03-10', '1500-03-01'],
    ['0000-12-30', '0001-01-01'],
  ])('%s of the Gregorian calendar is called %s', (stored, written) => {
    expect(formatDate(gregorianDay(day(stored)))).toBe(written)
  })

  it('keep their order, and those after the reform stay', () => {
    fc.assert(
      fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (at) => {
        expect(gregorianDay(at)).toBeLessThanOrEqual(gregorianDay(at + 1))
        if (at >= FIRST_GREGORIAN_DAY) expect(gregorianDay(at)).toBe(at)
        const micros = BigInt(at) * 86_400_000_000n + 1_234_567n
        expect(gregorianMicros(micros)).toBe(BigInt(gregorianDay(at)) * 86_400_000_000n + 1_234_567n)
      }),
    )
  })
})
