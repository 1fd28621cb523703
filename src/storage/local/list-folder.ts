import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { throwIfAborted } from '../../runtime/aborted.js'
import { compareKeys } from '../key-order.js'
import type { ObjectMeta } from '../object-store.js'
import { systemCode } from './local-error.js'
import { isTemporaryName } from './temporary-file.js'

/** What {@link listFolder} looks for: keys that start with `prefix` and are greater than `startAfter`. */
export interface ListRange {
  readonly prefix: string
  readonly startAfter?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The files below `root` in the order of their keys. One readdir a folder, when its turn comes; folders that cannot
 * hold a wanted key are not opened. Temporary files are left out, linked folders are not followed.
 *
 * Throws the system errors of readdir, but a folder that is not there is an empty one.
 */
export function listFolder(root: string, range: ListRange): AsyncGenerator<ObjectMeta, void, undefined> {
  return walk(root, range.prefix.slice(0, range.prefix.lastIndexOf('/') + 1), range)
}

async function* walk(root: string, folder: string, range: ListRange): AsyncGenerator<ObjectMeta, void, undefined> {
  throwIfAborted(range.signal, 'The listing')
  const path = join(root, folder, '/')
  const entries = entriesOf(path)
    .filter((entry) => !isTemporaryName(entry.name))
    .map((entry) => ({ name: entry.isDirectory() ? `${entry.name}/` : entry.name, isFile: entry.isFile() }))
    .filter(({ name }) => mayHold(folder + name, range))
    .sort((a, b) => compareKeys(a.name, b.name))
  for (const { name, isFile } of entries) {
    const key = folder + name
    throwIfAborted(range.signal, 'The listing')
    if (key.endsWith('/')) yield* walk(root, key, range)
    else if (isFile || statSync(path + name, { throwIfNoEntry: false })?.isFile()) yield fileMeta(key, path + name)
  }
}

/** Looks at the file when its size or time is asked for: a log has many commits, of which most are only read. One that is gone by then is empty. */
function fileMeta(key: string, path: string): ObjectMeta {
  let stat: { readonly size: number; readonly mtimeMs: number } | undefined
  // Synchronous: 2 microseconds a file, where a turn through the thread pool takes 40.
  const look = (): { readonly size: number; readonly mtimeMs: number } => {
    stat ??= statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 }
    return stat
  }
  return {
    key,
    get size() {
      return look().size
    },
    get lastModified() {
      return Math.floor(look().mtimeMs)
    },
  }
}

/** Synchronous: a turn through the thread pool may take longer than all else that a refresh does. */
function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

/** For a folder (`a/`): whether some key in it may be wanted. For a file: whether its key is. */
function mayHold(key: string, { prefix, startAfter }: ListRange): boolean {
  const isFolder = key.endsWith('/')
  if (!key.startsWith(prefix) && !(isFolder && prefix.startsWith(key))) return false
  if (startAfter === undefined || compareKeys(key, startAfter) > 0) return true
  return isFolder && startAfter.startsWith(key)
}
