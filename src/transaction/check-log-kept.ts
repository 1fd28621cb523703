import { DeltaError } from '../errors/delta-error.js'
import { logCutoff } from '../log/cleanup/log-cutoff.js'
import { readLogListing } from '../log/log-listing.js'
import { LOG_RETENTION_DURATION } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { Snapshot } from '../snapshot/snapshot.js'

/** Clocks of writers and stores may differ by so much. */
const CLOCK_SKEW_MS = 3_600_000

/**
 * Passes if the commits that may have followed `base` are still in the log. A handle that was held for longer than the log is kept could else take the place of a commit
 * that was cleaned up for free: what it would write there, nobody would ever read. Asks the storage only for handles as old as that.
 *
 * @throws ConcurrentModification
 */
export async function checkLogKept(base: Snapshot, signal?: AbortSignal): Promise<void> {
  const { location, version, metadata, readAt } = base
  const cutoff = logCutoff(location.runtime.clock.now(), tableProperty(metadata, LOG_RETENTION_DURATION))
  if (readAt - CLOCK_SKEW_MS > cutoff) return
  const { commits, checkpoints } = await readLogListing(location, { from: version + 1, signal })
  if (commits[0]?.version === version + 1 || commits.length + checkpoints.length === 0) return
  throw new DeltaError(
    'ConcurrentModification',
    `Version ${version} of ${location.url} was read so long ago that the commits after it were cleaned up, so nobody can tell whether they are in the way. Refresh the table and repeat the operation.`,
    { details: { table: location.url, readVersion: version } },
  )
}
