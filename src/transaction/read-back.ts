import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { CommitOutcome } from '../log/commit-outcome.js'
import type { TableLocation } from '../storage/table-location.js'
import type { AttemptLimits } from './attempt-limits.js'
import { readIfThere } from './read-winners.js'
import type { WinningCommit } from './winning-commit.js'

/**
 * What stands at a version after the reply to a commit was lost: whoever wrote it; undefined where nothing does, so that the same version may be
 * tried again. Reads even if the signal fired, for the caller has to know.
 *
 * CommitStateUnknown if the storage does not say within the limits, or if nothing stands there and no other try will be made: what was sent may
 * still arrive.
 */
export async function readBack(
  location: TableLocation,
  outcome: Extract<CommitOutcome, { readonly status: 'unknown' }>,
  limits: AttemptLimits,
  signal?: AbortSignal,
): Promise<WinningCommit | undefined> {
  for (;;) {
    try {
      const found = await readIfThere(location, outcome.version)
      if (found !== undefined || !(signal?.aborted || limits.exhausted)) return found
      throw unknown(location, outcome, 'it is not in the log now, and may still arrive')
    } catch (error) {
      if (!isDeltaError(error, 'StorageUnavailable')) throw error
      if (limits.exhausted || signal?.aborted)
        throw unknown(location, outcome, `reading it back failed: ${errorText(error)}`)
    }
    await limits.pauseUnaborted()
  }
}

function unknown(
  location: TableLocation,
  { version, cause }: Extract<CommitOutcome, { readonly status: 'unknown' }>,
  reason: string,
): DeltaError {
  return new DeltaError(
    'CommitStateUnknown',
    `Whether version ${version} of ${location.url} was committed is not known: the reply was lost (${errorText(cause)}), and ${reason}. Look at the history of the table before you repeat the operation, or repeat it with the same txn.`,
    { cause, details: { table: location.url, version } },
  )
}
