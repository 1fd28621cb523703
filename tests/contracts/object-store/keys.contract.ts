import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inByteOrder, keysOf, type OpenStore, read, text } from './bytes-and-keys.js'

/** What an ObjectStore promises of `keys`. */
export function keysContract(open: OpenStore): void {
  describe('keys', () => {
    it.each([
      'with space',
      ' leading and trailing ',
      '100%',
      'a%20b',
      'a%2Fb',
      'a+b',
      'a=b',
      'a#b',
      'a?b=c&d',
      'quote\'"quote',
      'semi;colon:comma,',
      'paren(s)[b]{c}<d>',
      'back\\slash',
      'tilde~bang!at@dollar$star*',
      'ümläut',
      'e\u0301 is not \u00e9',
      '日本語',
      '🌊/🌊',
      '.hidden',
      '...',
      'day=2026-01-01 10%3A00%3A00/part-0000.snappy.parquet',
    ])('%j is stored, listed, read and deleted under its own name', async (key) => {
      const store = await open()
      await store.put(key, text(key), { mode: 'create' })
      await expect(store.put(key, text('x'), { mode: 'create' })).rejects.toMatchObject({
        code: 'ObjectAlreadyExists',
      })
      expect(await keysOf(store, '')).toEqual([key])
      expect(await keysOf(store, key)).toEqual([key])
      expect(read(await store.get(key, { range: { start: 0 } }))).toBe(key)
      expect((await store.head(key)).key).toBe(key)
      await store.delete([key])
      expect(await keysOf(store, '')).toEqual([])
    })

    it('of any letters list in byte order, from any point on', async () => {
      const segment = fc
        .string({ unit: fc.constantFrom(...'aAzZ09 -_.=%+~é\u{e000}｡🌊'), minLength: 1, maxLength: 4 })
        .filter((name) => !/^\.+$/.test(name))
      // Two levels under two different first letters: no file takes the name of a folder.
      const key = fc.oneof(
        segment.map((name) => `f${name}`),
        fc.tuple(segment, segment).map(([folder, name]) => `d${folder}/${name}`),
      )
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 12 }), fc.nat(), async (keys, at) => {
          const store = await open()
          await Promise.all(keys.map((each) => store.put(each, text(each), { mode: 'create' })))
          const sorted = inByteOrder(keys)
          const from = at % sorted.length
          expect(await keysOf(store, '')).toEqual(sorted)
          expect(await keysOf(store, '', sorted[from])).toEqual(sorted.slice(from + 1))
          expect((await store.getMany(sorted)).map(read)).toEqual(sorted)
        }),
        { numRuns: 15 },
      )
    })

    it.each(['', '..', '../x', 'a/../../x', 'a/../b', '/absolute', 'a//b', 'a/', '.', './a', 'nul\0'])(
      '%j is UnsafePath for every call',
      async (key) => {
        const store = await open()
        const refusal = { code: 'UnsafePath' }
        await expect(store.get(key)).rejects.toMatchObject(refusal)
        await expect(store.getMany([key])).rejects.toMatchObject(refusal)
        await expect(store.head(key)).rejects.toMatchObject(refusal)
        await expect(store.put(key, text('x'), { mode: 'create' })).rejects.toMatchObject(refusal)
        await expect(store.put(key, text('x'), { mode: 'overwrite' })).rejects.toMatchObject(refusal)
        await expect(store.delete([key])).rejects.toMatchObject(refusal)
      },
    )
  })
}
