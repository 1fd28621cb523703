import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { withOwnSignal } from '../../src/runtime/own-signal.js'

const ended = (signal: AbortSignal | undefined): Promise<unknown> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(signal.reason)))

it('ends all work with the signal, which has one listener however much is under way', async () => {
  const controller = new AbortController()
  const work = Array.from({ length: 50 }, () => withOwnSignal(controller.signal, ended))
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  controller.abort('enough')
  expect(await Promise.all(work)).toEqual(work.map(() => 'enough'))
})

it('lets go of work that is done', async () => {
  const controller = new AbortController()
  const signals: (AbortSignal | undefined)[] = []
  expect(await withOwnSignal(controller.signal, async (own) => signals.push(own))).toBe(1)
  const failed = withOwnSignal(controller.signal, async () => Promise.reject(new Error('failed')))
  await expect(failed).rejects.toThrow('failed')
  controller.abort()
  expect(signals[0]?.aborted).toBe(false)
})

it('begins nothing with a signal that has not fired where the given one has', async () => {
  const signal = AbortSignal.abort('before')
  expect(await withOwnSignal(signal, async (own) => own?.reason)).toBe('before')
  expect(await withOwnSignal(undefined, async (own) => own)).toBeUndefined()
})
