import type { Snapshot } from '../../../src/snapshot/snapshot.js'
import type { GetOptions, ObjectStore } from '../../../src/storage/object-store.js'

/** What was asked of a remote store. */
export interface RemoteLog {
  readonly gets: { readonly key: string; readonly bytes: number }[]
  /** Called before every answer; what it throws is the answer. */
  beforeGet: (key: string) => Promise<void> | void
}

/** The snapshot of a local table as if it lay in a remote store: its files have no local path, and every request is written down. */
export function remoteView(snapshot: Snapshot): { readonly snapshot: Snapshot; readonly log: RemoteLog } {
  const { location } = snapshot
  const log: RemoteLog = { gets: [], beforeGet: () => undefined }
  const store = new Proxy(location.store, {
    get: (inner, name) => {
      if (name === 'localPath') return undefined
      if (name === 'url') return 'test://remote'
      if (name !== 'get') {
        const member: unknown = Reflect.get(inner, name)
        return typeof member === 'function' ? member.bind(inner) : member
      }
      return async (key: string, options?: GetOptions) => {
        await log.beforeGet(key)
        const bytes = await inner.get(key, options)
        log.gets.push({ key, bytes: bytes.byteLength })
        return bytes
      }
    },
  }) as ObjectStore
  const remote = {
    ...location,
    url: store.url,
    store,
    resolve: (path: string) => ({ store, key: location.resolve(path).key }),
  }
  return { snapshot: { ...snapshot, location: remote }, log }
}
