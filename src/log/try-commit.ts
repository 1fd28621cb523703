import { isDeltaError } from '../errors/delta-error.js'
import type { Action } from '../protocol/actions/action.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { mayHaveStored } from '../storage/may-have-stored.js'
import type { TableLocation } from '../storage/table-location.js'
import { CommitFile } from './commit-file.js'
import type { CommitOutcome } from './commit-outcome.js'

/**
 * Tries once to make `actions` the commit of `version`. One PUT that creates; nothing is read and nothing is repeated.
 *
 * @param file what the tries of one commit share
 * @throws what no repetition can help against, with nothing written: PermissionDenied, BucketNotFound, StorageFull,
 * and Aborted where the signal had fired before anything was sent
 */
export async function tryCommit(
  location: TableLocation,
  version: number,
  actions: readonly Action[],
  signal?: AbortSignal,
  file?: CommitFile,
): Promise<CommitOutcome> {
  throwIfAborted(signal, `The commit of version ${version}`)
  const own = new CommitFile(location)
  try {
    await (file ?? own).create(version, actions, signal)
    return { status: 'committed', version }
  } catch (error) {
    if (isDeltaError(error, 'ObjectAlreadyExists')) return { status: 'conflict', version }
    if (isDeltaError(error, 'StorageUnavailable')) {
      // A store that knows that the request was refused says so; otherwise only the reply may be lost.
      return { status: mayHaveStored(error) ? 'unknown' : 'retryable', version, cause: error }
    }
    if (isDeltaError(error, 'Aborted')) return { status: 'unknown', version, cause: error }
    throw error
  } finally {
    own.discard()
  }
}
