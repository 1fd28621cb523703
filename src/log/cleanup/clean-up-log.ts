import type { TableLocation } from '../../storage/table-location.js'
import { findExpiredLog } from './expired-log.js'
import { DAY_MS, logCutoff, midnight } from './log-cutoff.js'
import { findUnusedSidecars } from './unused-sidecars.js'

/**
 * Deletes the commits and checkpoints that are older than the retention and not needed for any version that is younger (PROTOCOL.md, "Metadata Cleanup").
 *
 * @param retention ms
 * @returns how many files were deleted
 */
export async function cleanUpLog(location: TableLocation, retention: number, signal?: AbortSignal): Promise<number> {
  const now = location.runtime.clock.now()
  const expired = await findExpiredLog(location, logCutoff(now, retention), signal)
  if (expired === undefined) return 0
  const abort = signal && { signal }
  // Commits last, the oldest first: a cleanup that is interrupted leaves a log that begins with a checkpoint, before which commits are of no use.
  await location.store.delete(expired.derived, abort)
  await location.store.delete(expired.commits, abort)
  const sidecars = await findUnusedSidecars(location, midnight(now) - DAY_MS, signal)
  await location.store.delete(sidecars, abort)
  return expired.derived.length + expired.commits.length + sidecars.length
}
