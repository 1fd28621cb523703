import type { TableLocation } from '../../storage/table-location.js'
import { findExpiredLog } from './expired-log.js'
import { DAY_MS, logCutoff, midnight } from './log-cutoff.js'
import { findUnusedSidecars } from './unused-sidecars.js'

export interface LogCleanup {
  /** In ms. */
  readonly retention: number
  /** The versions before this one go all at once, commits before checkpoints, or not at all (protocol_rfcs/checkpoint-protection.md); 0: none is protected. */
  readonly protectedBefore: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Deletes the commits and checkpoints that are older than the retention and not needed for any version that is younger (PROTOCOL.md, "Metadata Cleanup").
 *
 * @returns how many files were deleted
 */
export async function cleanUpLog(
  location: TableLocation,
  { retention, protectedBefore, signal }: LogCleanup,
): Promise<number> {
  const now = location.runtime.clock.now()
  const expired = await findExpiredLog(location, logCutoff(now, retention), signal)
  if (expired === undefined || expired.checkpoint < protectedBefore) return 0
  const abort = signal && { signal }
  // Commits last, the oldest first: a cleanup that is interrupted leaves a log that begins with a checkpoint, before which commits are of no use.
  const inOrder = [expired.derived, expired.commits]
  for (const keys of protectedBefore > 0 ? inOrder.toReversed() : inOrder) await location.store.delete(keys, abort)
  const sidecars = await findUnusedSidecars(location, midnight(now) - DAY_MS, signal)
  await location.store.delete(sidecars, abort)
  return expired.derived.length + expired.commits.length + sidecars.length
}
