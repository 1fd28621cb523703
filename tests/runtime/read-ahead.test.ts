import { describe, expect, it } from 'vitest'
import { readAhead } from '../../src/runtime/read-ahead.js'

/** Streams of three results each, whose starts and ends are told. */
function streams(): { open: (name: string) => AsyncIterator<string>; log: string[] } {
  const log: string[] = []
  async function* open(name: string): AsyncGenerator<string> {
    log.push(`+${name}`)
    try {
      for (const i of [1, 2, 3]) yield `${name}${i}`
    } finally {
      log.push(`-${name}`)
    }
  }
  return { open, log }
}

const all = { weigh: () => 1, budget: 3, limit: 10 }

describe('streams read ahead', () => {
  it('come one after the other, whole', async () => {
    const { open } = streams()
    const results: string[] = []
    for await (const result of readAhead(['a', 'b', 'c', 'd'], open, all)) results.push(result)
    expect(results.join(' ')).toBe('a1 a2 a3 b1 b2 b3 c1 c2 c3 d1 d2 d3')
  })

  it('start before their turn, as many as the budget and the limit allow', async () => {
    for (const [options, started] of [
      [all, 3],
      [{ ...all, limit: 1 }, 2],
      [{ ...all, budget: 0 }, 1],
      [{ ...all, weigh: (name: string) => (name === 'b' ? 100 : 1) }, 1],
    ] as const) {
      const { open, log } = streams()
      const reader = readAhead(['a', 'b', 'c', 'd'], open, options)
      await reader.next()
      expect(log.length).toBe(started)
      await reader.return()
    }
  })

  it('are closed when the reader stops early', async () => {
    const { open, log } = streams()
    for await (const _ of readAhead(['a', 'b', 'c', 'd'], open, all)) break
    expect(log.sort()).toEqual(['+a', '+b', '+c', '-a', '-b', '-c'])
  })

  it('fail in their turn, after what came before', async () => {
    const { open } = streams()
    const failing = (name: string): AsyncIterator<string> =>
      name === 'b' ? { next: () => Promise.reject(new Error('b broke')) } : open(name)
    const seen: string[] = []
    const read = async (): Promise<void> => {
      for await (const result of readAhead(['a', 'b', 'c'], failing, all)) seen.push(result)
    }
    await expect(read()).rejects.toThrow('b broke')
    expect(seen).toEqual(['a1', 'a2', 'a3'])
  })
})
