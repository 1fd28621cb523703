/** What is known of an object without reading it. */
export interface ObjectMeta {
  /** Relative to the store's root, `/` between segments, plain UTF-8: never percent-encoded. */
  readonly key: string
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly lastModified: number
}

/** A byte range: `end` is exclusive; `suffix` asks for the last bytes. What lies past the end of the object is left out. */
export type ByteRange = { readonly start: number; readonly end?: number } | { readonly suffix: number }

export interface GetOptions {
  readonly range?: ByteRange
  readonly signal?: AbortSignal
}

export interface PutOptions {
  /**
   * `create`: of many creators exactly one wins, the others get ObjectAlreadyExists. It is sent once: after a lost reply it is
   * for the caller to find out whether it was stored. `overwrite` is repeated when the store does not answer (unless of a stream that can be
   * read once only), so it is also right for objects whose names are unique.
   */
  readonly mode: 'create' | 'overwrite'
  /**
   * The object matters only once a later `create` tells of it, as a data file does. A local disk may still be taking it when the put returns;
   * a `create` waits for all such objects of its store. Default: false.
   */
  readonly untilCreate?: boolean
  readonly signal?: AbortSignal
}

/**
 * Bytes, or a stream of them for objects too big to hold: one that can be read once, or a function that opens it anew, so that
 * a put can be repeated.
 */
export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>)

/**
 * A folder of objects: a table root, seen by the rest of the library.
 *
 * Promises of every implementation: an object becomes visible whole or not at all; of many concurrent creators one
 * wins; a listing sees every finished put, in UTF-8 byte order of the keys.
 *
 * Errors: ObjectNotFound (get, head), ObjectAlreadyExists (put with `create`), StorageUnavailable, PermissionDenied,
 * BucketNotFound, StorageFull, UnsafePath for a key that leaves the root, InvalidArgument for a bad range, and Aborted where a signal
 * fired. A put that fails with StorageUnavailable or Aborted may have been stored: `mayHaveStored(error)` tells.
 */
export interface ObjectStore {
  /** The root as a URL without credentials, without a trailing slash: for messages. */
  readonly url: string
  get(key: string, options?: GetOptions): Promise<Uint8Array>
  /**
   * Many small objects at once, in the order of `keys`, however the store does that fastest. ObjectNotFound if one is missing.
   */
  getMany(keys: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<Uint8Array[]>
  head(key: string, options?: { readonly signal?: AbortSignal }): Promise<ObjectMeta>
  /** Every object whose key starts with `prefix`, at any depth, keys greater than `startAfter` only. */
  list(
    prefix: string,
    options?: { readonly startAfter?: string; readonly signal?: AbortSignal },
  ): AsyncIterable<ObjectMeta>
  put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta>
  /** Deletes what is there; missing keys are no error. */
  delete(keys: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<void>
  /**
   * Stores bytes under no name yet, for a `create` that may lose and be repeated under another key of the folder of `key`: where a put costs more than its name. Errors
   * as those of a put; nothing is visible then.
   */
  stage?(key: string, body: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<StagedObject>
  /** The file behind a key where the store is a local disk, so that DuckDB can open it in place. */
  localPath?(key: string): string
  /** False for a local disk that is not waited for, see `LocalOptions`. */
  readonly waitsForDisk?: boolean
}

/** Bytes that are stored, and wait for a name. */
export interface StagedObject {
  /** Makes them an object: a put with `create`. ObjectAlreadyExists leaves them as they are; otherwise they are used up. */
  publish(key: string): Promise<ObjectMeta>
  /** Removes what was not published. Never throws. */
  discard(): void
}
