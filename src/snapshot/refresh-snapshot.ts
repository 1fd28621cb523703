import { isDeltaError } from '../errors/delta-error.js'
import { readLogListing } from '../log/log-listing.js'
import { advanceBy } from './advance-snapshot.js'
import type { LogSnapshot } from './log-snapshot.js'
import { readTail } from './replay/read-tail.js'
import { tailTimestamp } from './segment-timestamp.js'
import type { Snapshot } from './snapshot.js'

/**
 * The newest version of a table that is held at an older one: one LIST from there on and the commits that are new. Where those
 * were cleaned up meanwhile, the table is opened anew.
 */
export async function refreshSnapshot(held: LogSnapshot, signal?: AbortSignal): Promise<Snapshot> {
  const { location, version } = held
  const { commits, checkpoints } = await readLogListing(location, { from: version + 1, signal })
  if (commits.length === 0 && checkpoints.length === 0) return held
  const isContiguous = commits.every((commit, i) => commit.version === version + 1 + i)
  if (!isContiguous || commits.length === 0) return held.reader.open(location, {}, signal)
  try {
    const tail = await readTail(location, commits, signal)
    return advanceBy(held, version + commits.length, tail, tailTimestamp(commits, tail, held.timestamp))
  } catch (error) {
    if (isDeltaError(error, 'ObjectNotFound')) return held.reader.open(location, {}, signal)
    throw error
  }
}
