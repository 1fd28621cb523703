import type { Runtime } from '../runtime/runtime.js'
import type { ObjectStore } from './object-store.js'

/** Where a table is and how to reach it: what every room from log/ up takes as its first argument. */
export interface TableLocation {
  /** The table root as a URL without credentials, without a trailing slash. */
  readonly url: string
  /** Rooted at the table. */
  readonly store: ObjectStore
  readonly runtime: Runtime
  /**
   * Resolves the `path` of an add, remove, cdc or deletion vector as it stands in the log: percent-decoded if relative (UnsafePath if
   * it leaves the table root); an absolute URL is opened with the same storage options (shallow clones).
   */
  resolve(path: string): { readonly store: ObjectStore; readonly key: string }
}
