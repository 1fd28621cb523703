import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { deletionVectorPath } from '../../protocol/deletion-vector/deletion-vector-path.js'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import type { TableLocation } from '../../storage/table-location.js'

/** As many requests at once as a store answers without throttling. */
const CONCURRENT_REQUESTS = 32
const NAMED = 10

/**
 * Passes if every data file and every deletion vector that a version needs is still there. DataFileMissing, naming the first of those that are not, otherwise.
 */
export async function checkFilesPresent(
  location: TableLocation,
  version: number,
  files: readonly AddFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const missing: string[] = []
  for await (const absent of mapConcurrent(pathsOf(files), CONCURRENT_REQUESTS, (path) =>
    isAbsent(location, path, signal),
  )) {
    if (absent !== undefined) missing.push(absent)
  }
  if (missing.length === 0) return
  const named = missing.slice(0, NAMED)
  const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : ''
  throw new DeltaError(
    'DataFileMissing',
    `Version ${version} of ${location.url} cannot be restored: ${missing.length} of its files are gone, probably vacuumed: ${named.join(', ')}${more}. Nothing was changed. Restore a newer version.`,
    { details: { table: location.url, version, path: missing[0] as string, missing: named, count: missing.length } },
  )
}

/** Many deletion vectors may share a file. */
function pathsOf(files: readonly AddFile[]): Iterable<string> {
  const paths = new Set<string>()
  for (const { path, deletionVector } of files) {
    paths.add(path)
    const vector = deletionVector && deletionVectorPath(deletionVector)
    if (vector !== undefined) paths.add(vector)
  }
  return paths
}

async function isAbsent(
  location: TableLocation,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { store, key } = location.resolve(path)
  try {
    await store.head(key, signal === undefined ? {} : { signal })
    return undefined
  } catch (error) {
    if (isDeltaError(error, 'ObjectNotFound')) return path
    throw error
  }
}
