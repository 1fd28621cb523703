import { describe, expect, it } from 'vitest'
import type { ByteRange } from '../../../src/storage/object-store.js'
import { type OpenStore, read, text } from './bytes-and-keys.js'

/** What an ObjectStore promises of `read`. */
export function readContract(open: OpenStore): void {
  describe('get and head', () => {
    const alphabet = text('abcdefghij')

    it.each<[ByteRange, string]>([
      [{ start: 0, end: 3 }, 'abc'],
      [{ start: 3, end: 4 }, 'd'],
      [{ start: 8 }, 'ij'],
      [{ start: 0 }, 'abcdefghij'],
      [{ suffix: 3 }, 'hij'],
      [{ suffix: 100 }, 'abcdefghij'],
      [{ start: 8, end: 100 }, 'ij'],
      [{ start: 10 }, ''],
      [{ start: 50, end: 60 }, ''],
      [{ start: 4, end: 4 }, ''],
      [{ suffix: 0 }, ''],
    ])('of the range %j is %j', async (range, expected) => {
      const store = await open()
      await store.put('k', alphabet, { mode: 'create' })
      expect(read(await store.get('k', { range }))).toBe(expected)
    })

    it.each<ByteRange>([{ start: 0 }, { start: 0, end: 5 }, { suffix: 5 }])(
      'of the range %j of an empty object is empty',
      async (range) => {
        const store = await open()
        await store.put('k', new Uint8Array(0), { mode: 'create' })
        expect(await store.get('k', { range })).toEqual(new Uint8Array(0))
      },
    )

    it.each<ByteRange>([{ start: 5, end: 2 }, { start: -1 }, { start: 0.5 }, { suffix: -1 }, { start: Number.NaN }])(
      'refuses the range %j',
      async (range) => {
        const store = await open()
        await store.put('k', alphabet, { mode: 'create' })
        await expect(store.get('k', { range })).rejects.toMatchObject({ code: 'InvalidArgument' })
      },
    )

    it('tells key, size and time', async () => {
      const store = await open()
      await store.put('a/b', alphabet, { mode: 'create' })
      const meta = await store.head('a/b')
      expect(meta).toMatchObject({ key: 'a/b', size: 10 })
      expect(Number.isSafeInteger(meta.lastModified)).toBe(true)
      expect(meta.lastModified).toBeGreaterThan(Date.parse('2020-01-01'))
    })

    it('many at once come in the order that was asked for', async () => {
      const store = await open()
      const keys = Array.from({ length: 40 }, (_, index) => `k${index}`)
      await Promise.all(keys.map((key) => store.put(key, text(key), { mode: 'create' })))
      const wanted = keys.toReversed()
      expect((await store.getMany(wanted)).map(read)).toEqual(wanted)
      expect(await store.getMany([])).toEqual([])
    })

    it('of a key that is missing, or is only a folder, is ObjectNotFound with the key', async () => {
      const store = await open()
      await store.put('folder/file', alphabet, { mode: 'create' })
      for (const key of ['missing', 'folder', 'folder/missing', 'folder/file/below']) {
        const refusal = { code: 'ObjectNotFound', details: { path: key } }
        await expect(store.get(key)).rejects.toMatchObject(refusal)
        await expect(store.get(key, { range: { suffix: 8 } })).rejects.toMatchObject(refusal)
        await expect(store.get(key, { range: { start: 1, end: 1 } })).rejects.toMatchObject(refusal)
        await expect(store.head(key)).rejects.toMatchObject(refusal)
        await expect(store.getMany(['folder/file', key])).rejects.toMatchObject(refusal)
      }
    })
  })
}
