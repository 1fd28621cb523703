import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ObjectBody } from '../../../src/storage/object-store.js'
import { chunks, hash, keysOf, type OpenStore, read, text } from './bytes-and-keys.js'

/** What an ObjectStore promises of `put`. */
export function putContract(open: OpenStore, racyCreates: boolean): void {
  const expectWinners = (winners: readonly Uint8Array[]): void => {
    if (racyCreates) expect(winners).not.toHaveLength(0)
    else expect(winners).toHaveLength(1)
  }

  describe('put', () => {
    it('stores what is read back', async () => {
      const store = await open()
      const meta = await store.put('_delta_log/00000000000000000000.json', text('one'), { mode: 'create' })
      expect(meta).toMatchObject({ key: '_delta_log/00000000000000000000.json', size: 3 })
      expect(read(await store.get('_delta_log/00000000000000000000.json'))).toBe('one')
    })

    it('create refuses a key that exists and leaves what is there', async () => {
      const store = await open()
      await store.put('k', text('first'), { mode: 'create' })
      const refusal = store.put('k', text('second'), { mode: 'create' })
      await expect(refusal).rejects.toMatchObject({ code: 'ObjectAlreadyExists', details: { path: 'k' } })
      expect(read(await store.get('k'))).toBe('first')
    })

    it('create refuses a key that an overwrite made, and takes one that was deleted', async () => {
      const store = await open()
      await store.put('k', text('first'), { mode: 'overwrite' })
      await expect(store.put('k', text('x'), { mode: 'create' })).rejects.toMatchObject({
        code: 'ObjectAlreadyExists',
      })
      await store.delete(['k'])
      await store.put('k', text('again'), { mode: 'create' })
      expect(read(await store.get('k'))).toBe('again')
    })

    it('overwrite replaces the whole object', async () => {
      const store = await open()
      await store.put('k', text('a long first text'), { mode: 'overwrite' })
      await store.put('k', text('short'), { mode: 'overwrite' })
      expect(read(await store.get('k'))).toBe('short')
      expect((await store.head('k')).size).toBe(5)
    })

    it('of 50 concurrent creators one wins, and its bytes are what stands there', async () => {
      const store = await open()
      for (let round = 0; round < 3; round++) {
        const key = `_delta_log/${String(round).padStart(20, '0')}.json`
        const bodies = Array.from({ length: 50 }, (_, writer) => text(`writer ${writer} `.repeat(100)))
        const outcomes = await Promise.allSettled(bodies.map((body) => store.put(key, body, { mode: 'create' })))
        const winners = bodies.filter((_, writer) => outcomes[writer]?.status === 'fulfilled')
        expectWinners(winners)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ObjectAlreadyExists' })
        }
        expect(winners.map(hash)).toContain(hash(await store.get(key)))
      }
    })

    it('stores empty objects', async () => {
      const store = await open()
      await store.put('empty', new Uint8Array(0), { mode: 'create' })
      await store.put('streamed', chunks(), { mode: 'create' })
      expect(await store.get('empty')).toEqual(new Uint8Array(0))
      expect(await keysOf(store, '')).toEqual(['empty', 'streamed'])
      expect((await store.head('streamed')).size).toBe(0)
    })

    it('keeps a copy: bytes that change later change nothing', async () => {
      const store = await open()
      const bytes = text('before')
      await store.put('k', bytes, { mode: 'create' })
      bytes.fill(0)
      ;(await store.get('k')).fill(0)
      expect(read(await store.get('k'))).toBe('before')
    })

    it('takes a stream of chunks, also of chunks whose memory is used again', async () => {
      const store = await open()
      await store.put('k', chunks('a', '', 'bc', 'def'), { mode: 'create' })
      const shared = new Uint8Array(2)
      const reused = async function* (): AsyncGenerator<Uint8Array> {
        for (const value of [1, 2, 3]) yield shared.fill(value)
      }
      await store.put('r', reused(), { mode: 'create' })
      expect(read(await store.get('k'))).toBe('abcdef')
      expect(await store.get('r')).toEqual(new Uint8Array([1, 1, 2, 2, 3, 3]))
    })

    it('stores nothing when the stream fails, and hands its error back', async () => {
      const store = await open()
      const failing = async function* (): AsyncGenerator<Uint8Array> {
        yield text('half')
        throw Object.assign(new Error('the source broke'), { code: 'ENOENT' })
      }
      await expect(store.put('k', failing(), { mode: 'create' })).rejects.toThrow('the source broke')
      expect(await keysOf(store, '')).toEqual([])
    })

    it.each(['create', 'overwrite'] as const)('stores 20 MB by %s, from bytes and from a stream', async (mode) => {
      const store = await open()
      const bytes = new Uint8Array(randomBytes(20_000_000))
      const stream = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.byteLength; at += 3_000_000) yield bytes.subarray(at, at + 3_000_000)
      }
      for (const body of [bytes, stream()] satisfies ObjectBody[]) {
        const key = body instanceof Uint8Array ? 'bytes' : 'stream'
        expect((await store.put(key, body, { mode })).size).toBe(bytes.byteLength)
        expect(hash(await store.get(key))).toBe(hash(bytes))
      }
      const part = await store.get('bytes', { range: { start: 8_388_600, end: 8_388_620 } })
      expect(part).toEqual(bytes.slice(8_388_600, 8_388_620))
    })

    it('create refuses a key that exists for 10 MB too, and leaves what is there', async () => {
      const store = await open()
      await store.put('k', text('first'), { mode: 'create' })
      const refusal = store.put('k', new Uint8Array(10_000_000), { mode: 'create' })
      await expect(refusal).rejects.toMatchObject({ code: 'ObjectAlreadyExists', details: { path: 'k' } })
      expect(read(await store.get('k'))).toBe('first')
    })

    it('of concurrent creators of a 10 MB object one wins', async () => {
      const store = await open()
      const bodies = Array.from({ length: 4 }, (_, writer) => new Uint8Array(10_000_000).fill(writer + 1))
      const outcomes = await Promise.allSettled(bodies.map((body) => store.put('k', body, { mode: 'create' })))
      const winners = bodies.filter((_, writer) => outcomes[writer]?.status === 'fulfilled')
      expectWinners(winners)
      expect(winners.map(hash)).toContain(hash(await store.get('k')))
    })
  })
}
