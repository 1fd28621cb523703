import { stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { objectAlreadyExists, objectNotFound } from '../object-error.js'
import { checkKey } from '../object-key.js'
import type { GetOptions, ObjectBody, ObjectMeta, ObjectStore, PutOptions, StagedObject } from '../object-store.js'
import type { LocalOptions } from '../storage-options.js'
import { DiskSync } from './disk-sync.js'
import { listFolder } from './list-folder.js'
import { localError, localPutError } from './local-error.js'
import { readFileRange, readSmallFiles } from './read-files.js'
import { StagedFile } from './staged-file.js'
import { writeFile, writeTemporary } from './write-file.js'

/**
 * Objects as files below a folder. The folder need not be there before the first put.
 *
 * A finished put survives a crash of the machine; those with `untilCreate` when the next `create` is finished. Keys are file names as they are: never percent-encoded.
 */
export class LocalStore implements ObjectStore {
  readonly url: string
  readonly waitsForDisk: boolean
  readonly #root: string
  readonly #sync: DiskSync

  /** `root` is a path of the local file system, absolute or relative to the working directory. */
  constructor(root: string, { fsync = true }: LocalOptions = {}) {
    this.#root = resolve(root)
    this.#sync = new DiskSync(fsync)
    this.waitsForDisk = fsync
    this.url = pathToFileURL(this.#root).href.replace(/(?<!\/)\/$/, '')
  }

  localPath(key: string): string {
    checkKey(this.url, key)
    if (sep === '\\' && key.includes('\\')) {
      throw new DeltaError('UnsafePath', `"${key}" is no key of an object inside ${this.url}.`, {
        details: { path: key },
      })
    }
    // The key is normal as it is.
    return sep === '/' ? `${this.#root}/${key}` : join(this.#root, key)
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    const bytes = await this.#guard(key, options.signal, () => readFileRange(this.localPath(key), options))
    if (bytes === undefined) throw objectNotFound(this.url, key)
    return bytes
  }

  async getMany(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array[]> {
    const paths = keys.map((key) => this.localPath(key))
    return await readSmallFiles(paths, options.signal, (error, index) =>
      localError(this.url, keys[index] ?? '', error, options.signal),
    )
  }

  async head(key: string, options: { readonly signal?: AbortSignal } = {}): Promise<ObjectMeta> {
    throwIfAborted(options.signal)
    const found = await this.#guard(key, options.signal, () => stat(this.localPath(key)))
    if (!found.isFile()) throw objectNotFound(this.url, key)
    return { key, size: found.size, lastModified: Math.floor(found.mtimeMs) }
  }

  async *list(
    prefix: string,
    options: { readonly startAfter?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    // The folders of the prefix must lie inside the root; its last segment is only the beginning of a name.
    if (prefix.includes('/')) this.localPath(prefix.slice(0, prefix.lastIndexOf('/')))
    try {
      yield* listFolder(this.#root, { prefix, ...options })
    } catch (error) {
      throw localError(this.url, prefix, error, options.signal)
    }
  }

  async put(key: string, body: ObjectBody, options: PutOptions): Promise<ObjectMeta> {
    throwIfAborted(options.signal)
    const path = this.localPath(key)
    try {
      const written = await writeFile(path, body, options, this.#sync)
      if (written !== undefined) return { key, ...written }
    } catch (error) {
      throw localPutError(this.url, key, error, options.signal)
    }
    throw objectAlreadyExists(this.url, key)
  }

  async stage(
    key: string,
    body: Uint8Array,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<StagedObject> {
    throwIfAborted(signal)
    const path = this.localPath(key)
    try {
      return new StagedFile(this, await writeTemporary(dirname(path), body, signal, this.#sync), this.#sync)
    } catch (error) {
      throw localPutError(this.url, key, error, signal)
    }
  }

  async delete(keys: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    for (const key of keys) checkKey(this.url, key)
    const remove = async (key: string): Promise<void> => {
      throwIfAborted(options.signal)
      try {
        await unlink(this.localPath(key))
      } catch (error) {
        const failure = localError(this.url, key, error, options.signal)
        if (!isDeltaError(failure, 'ObjectNotFound')) throw failure
      }
    }
    for await (const _ of mapConcurrent(keys, DELETES_IN_FLIGHT, remove));
  }

  async #guard<T>(key: string, signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw localError(this.url, key, error, signal)
    }
  }
}

const DELETES_IN_FLIGHT = 8
