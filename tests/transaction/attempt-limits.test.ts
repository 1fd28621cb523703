import { expect, it } from 'vitest'
import { silentObserver } from '../../src/runtime/observer.js'
import { AttemptLimits } from '../../src/transaction/attempt-limits.js'

it('who lost races waits for others a while, and then no more, or it would lose for ever', async () => {
  let now = 0
  const waits: number[] = []
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      waits.push(ms)
      now += ms
    },
  }
  const runtime = { clock, random: () => 1, uuid: () => '', observer: silentObserver }
  const limits = new AttemptLimits('WRITE on t', runtime, {})
  for (let losses = 1; losses <= 12; losses++) {
    limits.next(undefined)
    now += 50
    await limits.yieldTurn(losses)
  }
  expect(waits).toEqual([150, 200, 150, 100, 50])
})
