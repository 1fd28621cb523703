import { createReadStream } from 'node:fs'
import { link, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ObjectMeta, ObjectStore } from '../object-store.js'
import { localError, systemCode } from './local-error.js'
import { makeFolder, syncFolder } from './write-file.js'

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
 * Makes a finished file of the local disk an object of a store, which must not have the key yet. On the same file system it becomes a second
 * name of the same bytes, which must not be written to any more; elsewhere the bytes are streamed.
 *
 * Errors: those of a put with `create`.
 */
export async function putLocalFile(
  store: ObjectStore,
  key: string,
  file: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ObjectMeta> {
  const path = store.localPath?.(key)
  if (path !== undefined && (await linkDurably(store, key, file, path))) return store.head(key, options)
  return store.put(key, createReadStream(file), { mode: 'create', ...options })
}

async function linkDurably(store: ObjectStore, key: string, file: string, path: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await makeFolder(dirname(path))
    await link(file, path)
    await syncFolder(dirname(path))
    return true
  } catch (error) {
    // What a put would say of it, where even the copy of a put cannot help.
    if (NOT_LINKABLE.has(systemCode(error)) || systemCode(error) === 'EEXIST') return false
    throw localError(store.url, key, error)
  }
}
