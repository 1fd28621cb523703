import { isDeltaError } from '../../errors/delta-error.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { Written } from './write-result.js'

/** Deletes files that no version will have, by their paths as in the log. Best effort: what stays is an orphan, which no reader sees. */
export async function discardFiles(
  location: TableLocation,
  files: readonly { readonly path: string }[],
): Promise<void> {
  const keys = files.map(({ path }) => location.resolve(path).key)
  if (keys.length > 0) await location.store.delete(keys).catch(() => undefined)
}

/**
 * Commits files that were put; where that fails for certain, or another had committed the same load before, they are discarded. An error that is none of ours promises nothing: the version may stand, and
 * its files stay. Throws what the commit does.
 */
export async function commitOrDiscard(
  location: TableLocation,
  files: readonly { readonly path: string }[],
  commit: () => Promise<Written>,
): Promise<Written> {
  try {
    const written = await commit()
    if (written.result.skipped) await discardFiles(location, files)
    return written
  } catch (error) {
    const isCertain = isDeltaError(error) && error.code !== 'CommitStateUnknown'
    if (isCertain) await discardFiles(location, files)
    throw error
  }
}
