import { type Runtime, systemRuntime } from '../runtime/runtime.js'
import { type LocationUrl, parseLocation } from './location-url.js'
import type { ObjectStore } from './object-store.js'
import { openStore } from './open-store.js'
import { logPathResolver } from './resolve-log-path.js'
import type { StorageOptions } from './storage-options.js'
import type { TableLocation } from './table-location.js'

export interface OpenTableLocationOptions {
  readonly storage?: StorageOptions
  readonly runtime?: Runtime
}

/**
 * Where a table is and how to reach it. Takes a local path (absolute, or relative to the working directory), `file://`,
 * `s3://bucket/prefix` (also `s3a`, `s3n`) or `memory://name` (shared by all who open the name in this process).
 * Nothing is read: a place without a table, or without a bucket, is found out by the first request.
 *
 * @throws InvalidUrl
 */
export async function openTableLocation(url: string, options: OpenTableLocationOptions = {}): Promise<TableLocation> {
  const runtime = options.runtime ?? systemRuntime
  const open = (root: LocationUrl): ObjectStore => openStore(root, options.storage ?? {}, runtime)
  const location = parseLocation(url)
  const store = open(location)
  return { url: store.url, store, runtime, resolve: logPathResolver(location, store, open) }
}
