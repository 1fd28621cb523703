import type { CommitInfo } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { commitTimestamp } from './commit-timestamp.js'
import { tableNotFound } from './log-error.js'
import { readLogListing } from './log-listing.js'
import { readCommits } from './read-commits.js'

/** What one commit says of itself. */
export interface HistoryEntry {
  readonly version: number
  /** In ms since the epoch, as time travel counts. */
  readonly timestamp: number
  /** Undefined where the writer left none. */
  readonly commitInfo: CommitInfo | undefined
}

/**
 * The commits of a table, newest first, as far back as they are still there. Reads the listing and the commits wanted, no checkpoint.
 * @param limit at most so many; default all.
 * @throws TableNotFound; CorruptLog
 */
export async function readHistory(
  location: TableLocation,
  { limit = Number.POSITIVE_INFINITY, signal }: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<HistoryEntry[]> {
  const { commits, checkpoints } = await readLogListing(location, { signal })
  if (commits.length === 0 && checkpoints.length === 0) throw tableNotFound(location)
  const first = Math.max(0, commits.length - limit)
  const wanted = limit === 0 ? [] : await readCommits(location, commits.slice(first), signal)
  // Times grow from the first commit on, so those before the wanted ones count too.
  let timestamp: number | undefined
  for (const { lastModified } of commits.slice(0, first)) timestamp = commitTimestamp([], lastModified, timestamp)
  const entries = wanted.map(({ version, actions }, i) => {
    timestamp = commitTimestamp(actions, commits[first + i]?.lastModified ?? 0, timestamp)
    const commitInfo = actions.find((action): action is CommitInfo => action.type === 'commitInfo')
    return { version, timestamp, commitInfo }
  })
  return entries.reverse()
}
