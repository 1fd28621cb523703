import type { Observer } from '../runtime/observer.js'
import type { StorageOptions } from '../storage/storage-options.js'

/** How to reach a table; kept by its handle. */
export interface TableOptions {
  readonly storage?: StorageOptions | undefined
  /** Told of the requests and warnings of everything that is done through the handle. */
  readonly observer?: Observer | undefined
  readonly signal?: AbortSignal | undefined
}

/** Which version to look at: give one of them. */
export interface VersionOptions {
  readonly version?: number | undefined
  /** ISO 8601 with a zone, or a Date: the last version at or before it. */
  readonly timestamp?: string | Date | undefined
}
