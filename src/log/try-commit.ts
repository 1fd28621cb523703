import { isDeltaError } from '../errors/delta-error.js'
import type { Action } from '../protocol/actions/action.js'
import { serializeCommit } from '../protocol/actions/serialize-commit.js'
import { commitKey } from '../protocol/log-path.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { mayHaveStored } from '../storage/may-have-stored.js'
import type { TableLocation } from '../storage/table-location.js'
import type { CommitOutcome } from './commit-outcome.js'

/**
 * Tries once to make `actions` the commit of `version`. One PUT that creates; nothing is read and nothing is repeated.
 *
 * @throws what no repetition can help against, with nothing written: PermissionDenied, BucketNotFound, StorageFull,
 * and Aborted where the signal had fired before anything was sent
 */
export async function tryCommit(
  location: TableLocation,
  version: number,
  actions: readonly Action[],
  signal?: AbortSignal,
): Promise<CommitOutcome> {
  throwIfAborted(signal, `The commit of version ${version}`)
  const body = serializeCommit(actions)
  try {
    await location.store.put(commitKey(version), body, { mode: 'create', ...(signal && { signal }) })
    return { status: 'committed', version }
  } catch (error) {
    if (isDeltaError(error, 'ObjectAlreadyExists')) return { status: 'conflict', version }
    if (isDeltaError(error, 'StorageUnavailable')) {
      // A store that knows that the request was refused says so; otherwise only the reply may be lost.
      return { status: mayHaveStored(error) ? 'unknown' : 'retryable', version, cause: error }
    }
    if (isDeltaError(error, 'Aborted')) return { status: 'unknown', version, cause: error }
    throw error
  }
}
