import { expect, it } from 'vitest'
import { simulate } from '../simulation/simulate.js'
import { soakSeed } from './soak-seed.js'

const RUNS = Number(process.env.LAKEWRIGHT_RUNS ?? 20_000)

it(`${RUNS} simulated runs lose and double nothing (seed ${soakSeed})`, async () => {
  const outcomes = new Map<string, number>()
  for (let seed = soakSeed; seed < soakSeed + RUNS; seed++) {
    const run = await simulate({ seed })
    expect(run.violations, `LAKEWRIGHT_SEED=${seed}`).toEqual([])
    for (const [outcome, count] of run.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count)
  }
  console.log(Object.fromEntries([...outcomes].sort()))
})
