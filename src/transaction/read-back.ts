import { isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { TableLocation } from '../storage/table-location.js'
import type { AttemptLimits } from './attempt-limits.js'
import { commitStateUnknown, type UncertainOutcome } from './commit-in-doubt.js'
import { readIfThere } from './read-winners.js'
import type { WinningCommit } from './winning-commit.js'

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
      throw commitStateUnknown(location, outcome, 'it is not in the log now, and may still arrive')
    } catch (error) {
      if (!isDeltaError(error, 'StorageUnavailable')) throw error
      if (limits.exhausted || signal?.aborted)
        throw commitStateUnknown(location, outcome, `reading it back failed: ${errorText(error)}`)
    }
    await limits.pauseUnaborted()
  }
}
