import { isDeltaError } from '../errors/delta-error.js'
import type { ObjectStore } from '../storage/object-store.js'
import type { ByteSource } from './byte-source.js'
import { corrupt } from './footer.js'

/** An object of a store, read by ranges. @param size as the log says; a shorter object is CorruptData. */
export function objectSource(store: ObjectStore, key: string, size: number): ByteSource {
  const name = `${store.url}/${key}`
  const localPath = store.localPath?.(key)
  return {
    name,
    size,
    ...(localPath !== undefined && { localPath }),
    async read(start, end, signal) {
      const bytes = await store.get(key, { range: { start, end }, ...(signal === undefined ? {} : { signal }) })
      if (bytes.byteLength === end - start) return bytes
      throw corrupt(name, `it should have ${size} bytes and ends before byte ${start + bytes.byteLength + 1}`)
    },
  }
}

/** Works on an object of a store. Where it makes no sense and the size in the log is wrong, it is read by the size that it has. */
export async function withStoredObject<T>(
  store: ObjectStore,
  key: string,
  size: number,
  signal: AbortSignal | undefined,
  work: (source: ByteSource) => Promise<T>,
): Promise<T> {
  try {
    return await work(objectSource(store, key, size))
  } catch (error) {
    if (!isDeltaError(error, 'CorruptData')) throw error
    const { size: actual } = await store.head(key, signal ? { signal } : {})
    if (actual === size) throw error
    return work(objectSource(store, key, actual))
  }
}
