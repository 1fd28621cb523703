import { createReadStream } from 'node:fs'
import { link, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { objectAlreadyExists } from '../object-error.js'
import type { ObjectMeta, ObjectStore } from '../object-store.js'
import { makeFolder, syncFolder } from './durable-folder.js'
import { localError, systemCode } from './local-error.js'

/** Linking is not possible here: other device, no hard links, too many of them. */
const NOT_LINKABLE: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'ENOSYS',
  'EMLINK',
  'EACCES',
])

/**
 * Makes a finished file of the local disk an object of a store, under a key that nobody else uses. On the same file system it becomes a second
 * name of the same bytes, which must not be written to any more; elsewhere the bytes are streamed.
 *
 * Errors: those of a put, and ObjectAlreadyExists where the disk has the key after all.
 */
export async function putLocalFile(
  store: ObjectStore,
  key: string,
  file: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ObjectMeta> {
  const path = store.localPath?.(key)
  if (path !== undefined && (await linkDurably(store, key, file, path))) return store.head(key, options)
  return store.put(key, () => createReadStream(file), { mode: 'overwrite', ...options })
}

async function linkDurably(store: ObjectStore, key: string, file: string, path: string): Promise<boolean> {
  const isSynced = store.waitsForDisk !== false
  try {
    if (isSynced) await syncContent(file)
    await (isSynced ? makeFolder(dirname(path)) : mkdir(dirname(path), { recursive: true }))
    await link(file, path)
    if (isSynced) await syncFolder(dirname(path))
    return true
  } catch (error) {
    if (NOT_LINKABLE.has(systemCode(error))) return false
    if (systemCode(error) === 'EEXIST') throw objectAlreadyExists(store.url, key, error)
    throw localError(store.url, key, error)
  }
}

async function syncContent(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
