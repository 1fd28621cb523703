import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { CommitOutcome } from '../log/commit-outcome.js'
import type { TableLocation } from '../storage/table-location.js'
import type { AttemptLimits } from './attempt-limits.js'
import { readIfThere } from './read-winners.js'
import type { WinningCommit } from './winning-commit.js'

/** A try that may have been our commit: a lost reply, or a conflict, which a store reports too when it got our request twice. */
export type UncertainOutcome = Extract<CommitOutcome, { readonly status: 'unknown' | 'conflict' }>

/**
 * What stands at a version that a try may have written: whoever wrote it; undefined where nothing does, so that the same version may be
 * tried again. Reads even if the signal fired, for the caller has to know.
 *
 * CommitStateUnknown if the storage does not say within the limits, or if nothing stands there and no other try will be made: what was sent may
 * still arrive.
 */
export async function readBack(
  location: TableLocation,
  outcome: UncertainOutcome,
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

function unknown(location: TableLocation, outcome: UncertainOutcome, reason: string): DeltaError {
  const { version } = outcome
  const cause = outcome.status === 'unknown' ? outcome.cause : undefined
  const lost = cause === undefined ? 'the version was taken' : `the reply was lost (${errorText(cause)})`
  return new DeltaError(
    'CommitStateUnknown',
    `Whether version ${version} of ${location.url} was committed is not known: ${lost}, and ${reason}. Look at the history of the table before you repeat the operation, or repeat it with the same txn.`,
    { cause, details: { table: location.url, version } },
  )
}
