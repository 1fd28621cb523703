import { silentObserver } from '../runtime/observer.js'
import type { Runtime } from '../runtime/runtime.js'
import { LazyStore } from './lazy-store.js'
import { LocalStore } from './local/local-store.js'
import type { LocationUrl } from './location-url.js'
import { type MemoryObjects, MemoryStore } from './memory-store.js'
import type { ObjectStore } from './object-store.js'
import { ObservedStore } from './observed-store.js'
import type { StorageOptions } from './storage-options.js'

type StoreOpener = (location: LocationUrl, storage: StorageOptions, runtime: Runtime) => ObjectStore

/** Opens the store rooted at a location. Nothing is read before its first call. */
export const openStore: StoreOpener = (location, storage, runtime) =>
  STORES[location.scheme](location, storage, runtime)

/** The registry: one opener a URL scheme. */
const STORES: { readonly [Scheme in LocationUrl['scheme']]: StoreOpener } = {
  file: ({ path }, { local }, runtime) => observed(new LocalStore(path, local), runtime),
  memory: ({ bucket, path }, _, runtime) => {
    const url = path === '' ? `memory://${bucket}` : `memory://${bucket}/${path}`
    const { clock } = runtime
    return observed(new MemoryStore({ url, objects: memoryNamed(bucket), prefix: path, clock }), runtime)
  },
  s3: ({ bucket, path }, { s3 }, runtime) => {
    return new LazyStore(path === '' ? `s3://${bucket}` : `s3://${bucket}/${path}`, async () => {
      const [{ S3Store }, { RetryingStore }] = await Promise.all([
        import('./s3/s3-store.js'),
        import('./retrying-store.js'),
      ])
      const store = new S3Store({ bucket, prefix: path, runtime, ...(s3 === undefined ? {} : { s3 }) })
      // Observed inside: every attempt is a request.
      return new RetryingStore(observed(store, runtime), runtime)
    })
  },
}

function observed(store: ObjectStore, runtime: Runtime): ObjectStore {
  return runtime.observer === silentObserver ? store : new ObservedStore(store, runtime)
}

/** Lives as long as the process: whoever opens the same name sees the same objects. */
const memories = new Map<string, MemoryObjects>()

function memoryNamed(name: string): MemoryObjects {
  const known = memories.get(name)
  if (known !== undefined) return known
  const created: MemoryObjects = new Map()
  memories.set(name, created)
  return created
}
