import { describe, expect, it } from 'vitest'
import { collect, inByteOrder, keysOf, type OpenStore, text } from './bytes-and-keys.js'

/** What an ObjectStore promises of `list`. */
export function listContract(open: OpenStore): void {
  describe('list', () => {
    it('of an empty root, or of a prefix that is not there, is empty', async () => {
      const store = await open()
      expect(await keysOf(store, '')).toEqual([])
      expect(await keysOf(store, '_delta_log/')).toEqual([])
      expect(await keysOf(store, 'no/such/prefix', 'no/such/prefix/x')).toEqual([])
    })

    it('is in UTF-8 byte order at any depth', async () => {
      const store = await open()
      const keys = [
        'Z',
        'a',
        'a!',
        'a-b',
        'a-b/c',
        'a.b',
        'a/',
        'a/b',
        'a/b.c',
        'a0',
        'é',
        '\u{e000}',
        '｡',
        '\u{1f30a}',
        'b/c/d/e',
      ]
        .filter((key) => !key.endsWith('/'))
        // A file cannot have the name of a folder on every store.
        .filter((key) => key !== 'a' && key !== 'a-b' && key !== 'a/b')
        .concat('a/b/c')
      await Promise.all(keys.toReversed().map((key) => store.put(key, text(key), { mode: 'create' })))
      const sorted = inByteOrder(keys)
      expect(await keysOf(store, '')).toEqual(sorted)
      for (const [index, key] of sorted.entries()) {
        expect(await keysOf(store, '', key)).toEqual(sorted.slice(index + 1))
      }
    })

    it('gives sizes and times', async () => {
      const store = await open()
      await store.put('a/b', text('12345'), { mode: 'create' })
      const [meta] = await collect(store.list('a/'))
      const { lastModified } = await store.head('a/b')
      expect(meta).toMatchObject({ key: 'a/b', size: 5 })
      // S3 tells the time to the second in one reply and to the millisecond in another.
      expect(Math.floor((meta?.lastModified ?? 0) / 1000)).toBe(Math.floor(lastModified / 1000))
    })

    it('sees every finished put and no finished delete at once', async () => {
      const store = await open()
      for (let index = 0; index < 10; index++) {
        await store.put(`d/${index}`, text('x'), { mode: index % 2 === 0 ? 'create' : 'overwrite' })
        expect(await keysOf(store, 'd/')).toHaveLength(index + 1)
      }
      await store.delete(['d/3'])
      expect(await keysOf(store, 'd/')).not.toContain('d/3')
    })

    it('takes the prefix as the beginning of keys, not as a folder', async () => {
      const store = await open()
      for (const key of ['day=1/x', 'day=10/x', 'day=2/x', 'other']) await store.put(key, text(key), { mode: 'create' })
      expect(await keysOf(store, 'day=1')).toEqual(['day=1/x', 'day=10/x'])
      expect(await keysOf(store, 'day=1/')).toEqual(['day=1/x'])
      expect(await keysOf(store, 'day=1/x')).toEqual(['day=1/x'])
      expect(await keysOf(store, 'day')).toEqual(['day=1/x', 'day=10/x', 'day=2/x'])
    })

    it('starts after any text, whether a key or not, inside or outside the prefix', async () => {
      const store = await open()
      const keys = ['a/1', 'a/2', 'a/b/1', 'a/b/2', 'a/c']
      for (const key of keys) await store.put(key, text(key), { mode: 'create' })
      expect(await keysOf(store, 'a/', 'a/1')).toEqual(['a/2', 'a/b/1', 'a/b/2', 'a/c'])
      expect(await keysOf(store, 'a/', 'a/1x')).toEqual(['a/2', 'a/b/1', 'a/b/2', 'a/c'])
      expect(await keysOf(store, 'a/', 'a/b')).toEqual(['a/b/1', 'a/b/2', 'a/c'])
      expect(await keysOf(store, 'a/', 'a/b/1')).toEqual(['a/b/2', 'a/c'])
      expect(await keysOf(store, 'a/', 'a/b/')).toEqual(['a/b/1', 'a/b/2', 'a/c'])
      expect(await keysOf(store, 'a/', 'a/b0')).toEqual(['a/c'])
      expect(await keysOf(store, 'a/', 'A')).toEqual(keys)
      expect(await keysOf(store, 'a/', 'z')).toEqual([])
    })

    it('may be left early', async () => {
      const store = await open()
      for (const key of ['a', 'b', 'c']) await store.put(key, text(key), { mode: 'create' })
      for await (const { key } of store.list('')) {
        expect(key).toBe('a')
        break
      }
      expect(await keysOf(store, '')).toEqual(['a', 'b', 'c'])
    })
  })
}
