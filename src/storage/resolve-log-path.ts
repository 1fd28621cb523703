import { sep } from 'node:path'
import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { type LocationUrl, parseAbsoluteLogPath } from './location-url.js'
import type { ObjectStore } from './object-store.js'

/** An object and the store that has it. */
export interface ResolvedPath {
  readonly store: ObjectStore
  readonly key: string
}

/**
 * Makes the function that resolves the paths of a table's log (PROTOCOL.md, "Add File and Remove File": a URI, relative to the table
 * root or absolute).
 *
 * `open` opens the store of a whole bucket or disk; it is called once for each.
 */
export function logPathResolver(
  table: LocationUrl,
  store: ObjectStore,
  open: (root: LocationUrl) => ObjectStore,
): (path: string) => ResolvedPath {
  const roots = new Map<string, ObjectStore>()
  return (path) => {
    const absolute = decoding(path, () => parseAbsoluteLogPath(path))
    if (absolute === undefined) {
      return {
        store,
        key: insideRoot(
          store.url,
          path,
          decoding(path, () => decodeURIComponent(path)),
        ),
      }
    }
    const own = keyBelow(table, absolute)
    if (own !== undefined) return { store, key: insideRoot(store.url, path, own) }
    if (absolute.scheme === 'file' && table.scheme !== 'file') {
      throw unsafe(path, `a table in ${store.url} may not point at files of this machine`)
    }
    if (absolute.scheme === 'memory' && table.scheme !== 'memory') {
      throw unsafe(path, `a table in ${store.url} may not point into the memory of this process`)
    }
    const root = { ...absolute, path: absolute.scheme === 'file' ? diskOf(absolute.path) : '' }
    const name = `${root.scheme}:${root.bucket}:${root.path}`
    const opened = roots.get(name) ?? open(root)
    roots.set(name, opened)
    return { store: opened, key: insideRoot(opened.url, path, keyBelow(root, absolute) ?? '') }
  }
}

/** The key of `target` in a store rooted at `root`, undefined if it lies elsewhere. */
function keyBelow(root: LocationUrl, target: LocationUrl): string | undefined {
  if (root.scheme !== target.scheme || root.bucket !== target.bucket) return undefined
  const separator = root.scheme === 'file' ? sep : '/'
  const folder = root.path === '' || root.path.endsWith(separator) ? root.path : root.path + separator
  if (!target.path.startsWith(folder)) return undefined
  const key = target.path.slice(folder.length)
  return separator === '/' ? key : key.replaceAll(separator, '/')
}

/** Drops `.` and empty segments and follows `..`, but never above the root. */
function insideRoot(url: string, path: string, decoded: string): string {
  const segments: string[] = []
  if (decoded.startsWith('/')) throw unsafe(path, `it leaves ${url}`)
  for (const segment of decoded.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) throw unsafe(path, `it leaves ${url}`)
  }
  if (segments.length === 0) throw unsafe(path, 'it names no file')
  return segments.join('/')
}

function decoding<T>(path: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof URIError) && !isDeltaError(cause, 'InvalidUrl')) throw cause
    const message = `The log has the path "${path}", which is no valid URI: ${errorText(cause)}.`
    throw new DeltaError('CorruptLog', message, { cause, details: { path } })
  }
}

function unsafe(path: string, why: string): DeltaError {
  return new DeltaError('UnsafePath', `The log has the path "${path}", which is not followed: ${why}.`, {
    details: { path },
  })
}

/** `/`, or `C:\` on Windows. */
const diskOf = (path: string): string => (sep === '\\' ? path.slice(0, 3) : '/')
