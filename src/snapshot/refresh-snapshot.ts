import { isDeltaError } from '../errors/delta-error.js'
import { commitTimestamp } from '../log/commit-timestamp.js'
import { readLogListing } from '../log/log-listing.js'
import { readCommits } from '../log/read-commits.js'
import { advanceSnapshot } from './advance-snapshot.js'
import type { LogSnapshot } from './log-snapshot.js'
import type { Snapshot } from './snapshot.js'

/**
 * The newest version of a table that is held at an older one: one LIST from there on and the commits that are new. Where those
 * were cleaned up meanwhile, the table is opened anew.
 */
export async function refreshSnapshot(held: LogSnapshot, signal?: AbortSignal): Promise<Snapshot> {
  const { location, version } = held
  const listing = await readLogListing(location, { from: version + 1, signal })
  const { commits } = listing
  if (commits.length === 0 && listing.checkpoints.length === 0) return held
  const contiguous = commits.every((commit, i) => commit.version === version + 1 + i)
  if (!contiguous || commits.length === 0) return held.reader.open(location, {}, { signal })
  try {
    let snapshot: Snapshot = held
    for (const [i, commit] of (await readCommits(location, commits, signal)).entries()) {
      const timestamp = commitTimestamp(commit.actions, commits[i]?.lastModified ?? 0, snapshot.timestamp)
      snapshot = advanceSnapshot(snapshot, commit.version, commit.actions, timestamp)
    }
    return snapshot
  } catch (error) {
    if (isDeltaError(error, 'ObjectNotFound')) return held.reader.open(location, {}, { signal })
    throw error
  }
}
