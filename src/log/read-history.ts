import type { CommitInfo } from '../protocol/actions/action.js'
import { throwIfAborted } from '../runtime/aborted.js'
import type { TableLocation } from '../storage/table-location.js'
import { commitInfoOf } from './commit-info.js'
import { readLastCheckpointVersion } from './last-checkpoint.js'
import { tableNotFound } from './log-error.js'
import { type LogListing, latestVersion, readLogListing } from './log-listing.js'
import { monotonicTime, ORDER_MARGIN } from './monotonic-time.js'

/** What one commit says of itself. */
export interface HistoryEntry {
  readonly version: number
  /** In ms since the epoch, as time travel counts. */
  readonly timestamp: number
  /** Undefined where the writer left none. */
  readonly commitInfo: CommitInfo | undefined
}

export interface ReadHistoryOptions {
  /** At most so many. Default: all. */
  readonly limit?: number
  /** The newest version wanted. Default: the latest. */
  readonly to?: number
  readonly signal?: AbortSignal
}

/** Commits whose bytes are held at once. */
const BATCH = 256

/**
 * The commits of a table, newest first, as far back as they are still there. Reads a listing of them (with a limit, of no others), and of each commit
 * its commitInfo; no checkpoint, and no other action.
 *
 * @throws TableNotFound; CorruptLog
 */
export async function readHistory(location: TableLocation, options: ReadHistoryOptions = {}): Promise<HistoryEntry[]> {
  const { limit = Number.POSITIVE_INFINITY, signal } = options
  const { commits, checkpoints } = await listCommits(location, options)
  if (commits.length === 0 && checkpoints.length === 0) throw tableNotFound(location)
  const wanted = Math.max(0, commits.length - limit)
  const entries: HistoryEntry[] = []
  let time: number | undefined
  for (const { lastModified } of commits.slice(0, wanted)) time = monotonicTime(lastModified, time)
  for (let start = wanted; start < commits.length; start += BATCH) {
    throwIfAborted(signal, 'Reading the history')
    const batch = commits.slice(start, start + BATCH)
    const keys = batch.map(({ key }) => key)
    const bodies = await location.store.getMany(keys, signal ? { signal } : {})
    for (const [i, { key, version, lastModified }] of batch.entries()) {
      const commitInfo = commitInfoOf(bodies[i] as Uint8Array, key)
      time = commitInfo?.inCommitTimestamp ?? monotonicTime(lastModified, time)
      entries.push({ version, timestamp: time, commitInfo })
    }
  }
  return entries.reverse()
}

async function listCommits(location: TableLocation, { limit, to, signal }: ReadHistoryOptions): Promise<LogListing> {
  if (limit === undefined) return readLogListing(location, { to, signal })
  const newest = to ?? (await readLastCheckpointVersion(location, signal)) ?? 0
  const from = Math.max(0, newest - limit - ORDER_MARGIN)
  const listing = await readLogListing(location, { from, to, signal })
  // A hint beyond the end of the log finds nothing.
  return from === 0 || latestVersion(listing) !== undefined ? listing : readLogListing(location, { to, signal })
}
