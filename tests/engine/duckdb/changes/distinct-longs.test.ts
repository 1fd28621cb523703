import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DistinctLongs } from '../../../../src/engine/duckdb/changes/distinct-longs.js'

it('counts distinct numbers of 64 bits, and none that is negative', () => {
  const low = fc.oneof(fc.bigInt(0n, 70n), fc.bigInt(0n, 40_000n), fc.bigInt(2n ** 21n - 40n, 2n ** 21n))
  const number = fc.oneof(
    low,
    fc.tuple(fc.bigInt(0n, 3n), low).map(([high, lower]) => (high << 40n) + lower),
    fc.constant(-1n),
  )
  fc.assert(
    fc.property(fc.array(fc.array(number, { maxLength: 30 }), { maxLength: 5 }), (parts) => {
      const distinct = new DistinctLongs()
      for (const part of parts) distinct.addNatural(new Uint32Array(BigInt64Array.from(part).buffer))
      expect(distinct.count).toBe(new Set(parts.flat().filter((each) => each >= 0n)).size)
    }),
  )
})
