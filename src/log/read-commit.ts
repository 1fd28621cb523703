import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import type { Action } from '../protocol/actions/action.js'
import { parseCommit } from '../protocol/actions/parse-commit.js'
import { commitKey } from '../protocol/log-path.js'
import type { TableLocation } from '../storage/table-location.js'

/**
 * The actions of one commit, in the order of the file. One GET.
 *
 * @throws VersionNotFound where there is no such commit; CorruptLog, naming file and line, where it does not parse
 */
export async function readCommit(location: TableLocation, version: number, signal?: AbortSignal): Promise<Action[]> {
  const key = commitKey(version)
  try {
    return parseCommit(await location.store.get(key, signal ? { signal } : {}), key)
  } catch (error) {
    if (!isDeltaError(error, 'ObjectNotFound')) throw error
    throw new DeltaError(
      'VersionNotFound',
      `The log of ${location.url} has no commit of version ${version} (${key}).`,
      {
        cause: error,
        details: { table: location.url, version, path: key },
      },
    )
  }
}
