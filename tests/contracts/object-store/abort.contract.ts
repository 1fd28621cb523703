import { describe, expect, it } from 'vitest'
import { chunks, collect, keysOf, type OpenStore, read, text } from './bytes-and-keys.js'

/** What an ObjectStore promises of `abort`. */
export function abortContract(open: OpenStore, instantReads: boolean): void {
  describe('an abort', () => {
    const fired = AbortSignal.abort(new Error('changed my mind'))

    it('before a call is Aborted, with the reason as its cause, and does nothing', async () => {
      const store = await open()
      await store.put('k', text('kept'), { mode: 'create' })
      const refusal = { code: 'Aborted', cause: expect.objectContaining({ message: 'changed my mind' }) }
      await expect(store.get('k', { signal: fired })).rejects.toMatchObject(refusal)
      await expect(store.getMany(['k'], { signal: fired })).rejects.toMatchObject(refusal)
      await expect(store.head('k', { signal: fired })).rejects.toMatchObject(refusal)
      await expect(collect(store.list('', { signal: fired }))).rejects.toMatchObject(refusal)
      await expect(store.delete(['k'], { signal: fired })).rejects.toMatchObject(refusal)
      for (const mode of ['create', 'overwrite'] as const) {
        await expect(store.put('k', text('x'), { mode, signal: fired })).rejects.toMatchObject(refusal)
        await expect(store.put('k', chunks('x'), { mode, signal: fired })).rejects.toMatchObject(refusal)
      }
      expect(read(await store.get('k'))).toBe('kept')
    })

    it.each(['create', 'overwrite'] as const)('during a streamed %s stores nothing', async (mode) => {
      const store = await open()
      const controller = new AbortController()
      let closed = false
      const stream = async function* (): AsyncGenerator<Uint8Array> {
        try {
          for (let chunk = 0; ; chunk++) {
            if (chunk === 10) controller.abort()
            yield new Uint8Array(1_000_000)
          }
        } finally {
          closed = true
        }
      }
      const put = store.put('k', stream(), { mode, signal: controller.signal })
      await expect(put).rejects.toMatchObject({ code: 'Aborted' })
      expect(closed).toBe(true)
      expect(await keysOf(store, '')).toEqual([])
    })

    it('during a listing ends it', async () => {
      const store = await open()
      for (const key of ['a', 'b', 'c']) await store.put(key, text(key), { mode: 'create' })
      const controller = new AbortController()
      const seen: string[] = []
      const listing = async (): Promise<void> => {
        for await (const { key } of store.list('', { signal: controller.signal })) {
          seen.push(key)
          controller.abort()
        }
      }
      await expect(listing()).rejects.toMatchObject({ code: 'Aborted' })
      expect(seen).toEqual(['a'])
    })

    if (instantReads) return

    it('during many reads ends them', async () => {
      const store = await open()
      const keys = Array.from({ length: 600 }, () => 'k')
      await store.put('k', new Uint8Array(20_000), { mode: 'create' })
      const controller = new AbortController()
      const reads = store.getMany(keys, { signal: controller.signal })
      setImmediate(() => controller.abort())
      await expect(reads).rejects.toMatchObject({ code: 'Aborted' })
    })
  })
}
