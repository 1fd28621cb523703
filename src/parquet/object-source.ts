import type { ObjectStore } from '../storage/object-store.js'
import type { ByteSource } from './byte-source.js'
import { corrupt } from './footer.js'

/** An object of a store, read by ranges. @param size as the log says; a shorter object is CorruptData. */
export function objectSource(store: ObjectStore, key: string, size: number): ByteSource {
  const name = `${store.url}/${key}`
  return {
    name,
    size,
    async read(start, end, signal) {
      const bytes = await store.get(key, { range: { start, end }, ...(signal === undefined ? {} : { signal }) })
      if (bytes.byteLength === end - start) return bytes
      throw corrupt(name, `it should have ${size} bytes and ends before byte ${start + bytes.byteLength + 1}`)
    },
  }
}
