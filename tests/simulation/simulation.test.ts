import { describe, expect, it } from 'vitest'
import { simulate } from './simulate.js'

/** Fixed, so that every checkout runs the same; `LAKEWRIGHT_SEED` begins elsewhere and repeats a failure. */
const FIRST_SEED = Number(process.env.LAKEWRIGHT_SEED ?? 1)
const RUNS = Number(process.env.LAKEWRIGHT_RUNS ?? 2_000)
const BATCH = 250

describe('writers that fail in every way', () => {
  const batches = Array.from({ length: Math.ceil(RUNS / BATCH) }, (_, i) => FIRST_SEED + i * BATCH)
  it.each(batches)('lose and double nothing (%i and the seeds after it)', async (first) => {
    for (let seed = first; seed < Math.min(first + BATCH, FIRST_SEED + RUNS); seed++) {
      const { violations } = await simulate({ seed })
      expect(violations, `seed ${seed}`).toEqual([])
    }
  })

  it('lose and double nothing where much goes wrong', async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 100; seed++) {
      const { violations } = await simulate({ seed, toxics: { delayed: 0.2, throttled: 0.3 } })
      expect(violations, `seed ${seed}`).toEqual([])
    }
  })

  it('lose and double nothing wherever one of them dies', async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 4; seed++) {
      for (let crashAt = 0; crashAt < 50; crashAt++) {
        const { violations } = await simulate({ seed, crashAt })
        expect(violations, `seed ${seed}, crash at request ${crashAt}`).toEqual([])
      }
    }
  })
})
