import { DeltaError } from '../errors/delta-error.js'
import type { Runtime } from '../runtime/runtime.js'
import { LocalStore } from './local/local-store.js'
import type { LocationUrl } from './location-url.js'
import { type MemoryObjects, MemoryStore } from './memory-store.js'
import type { ObjectStore } from './object-store.js'
import type { StorageOptions } from './storage-options.js'

type StoreOpener = (location: LocationUrl, storage: StorageOptions, runtime: Runtime) => ObjectStore

/** Opens the store rooted at a location. Nothing is read before its first call. */
export const openStore: StoreOpener = (location, storage, runtime) =>
  STORES[location.scheme](location, storage, runtime)

/** The registry: one opener a URL scheme. */
const STORES: { readonly [Scheme in LocationUrl['scheme']]: StoreOpener } = {
  file: ({ path }) => new LocalStore(path),
  s3: () => {
    throw new DeltaError('UnsupportedStore', 'This version does not reach S3 yet.')
  },
  memory: ({ bucket, path }, _, { clock }) =>
    new MemoryStore({ url: urlOf('memory', bucket, path), objects: memoryNamed(bucket), prefix: path, clock }),
}

function urlOf(scheme: string, bucket: string, path: string): string {
  return path === '' ? `${scheme}://${bucket}` : `${scheme}://${bucket}/${path}`
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
