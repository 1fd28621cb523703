import { describe, expect, it } from 'vitest'
import { keysOf, type OpenStore, text } from './bytes-and-keys.js'

/** What an ObjectStore promises of `delete`. */
export function deleteContract(open: OpenStore): void {
  describe('delete', () => {
    it('deletes what is there and nothing else', async () => {
      const store = await open()
      for (const key of ['a', 'b', 'c/d', 'c/e']) await store.put(key, text(key), { mode: 'create' })
      await store.delete(['a', 'c/d', 'missing', 'c/missing', 'no/such/folder', 'c'])
      expect(await keysOf(store, '')).toEqual(['b', 'c/e'])
      await expect(store.get('a')).rejects.toMatchObject({ code: 'ObjectNotFound' })
      await store.delete([])
      await store.delete(['a'])
    })

    it(`lists and deletes ${MANY_OBJECTS} objects`, async () => {
      const store = await open()
      const keys = Array.from({ length: MANY_OBJECTS }, (_, index) => `many/${String(index).padStart(6, '0')} &<x>`)
      for (let at = 0; at < keys.length; at += 50) {
        await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, text(key), { mode: 'overwrite' })))
      }
      await store.put('stays', text('x'), { mode: 'create' })
      expect(await keysOf(store, 'many/')).toEqual(keys)
      expect(await keysOf(store, 'many/', keys[19])).toEqual(keys.slice(20))
      await store.delete(keys)
      expect(await keysOf(store, '')).toEqual(['stays'])
    })
  })
}

/** More than one request of S3 lists or deletes. */
const MANY_OBJECTS = 1050
