import { commitInfoOf } from '../log/commit-info.js'
import { inCommitTimestamps } from '../log/in-commit-timestamps.js'
import type { LogFile, LogSegment } from '../log/log-segment.js'
import { monotonicTime, ORDER_MARGIN } from '../log/monotonic-time.js'
import type { Metadata } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import type { Tail } from './replay/read-tail.js'
import type { ReplayedSegment } from './replay/replay-segment.js'

/**
 * When the last version of a segment was committed, in ms since the epoch. Where the version is that of the checkpoint, its commit is read for an
 * in-commit timestamp; where that commit was cleaned up, the time of the checkpoint has to do.
 */
export async function segmentTimestamp(
  location: TableLocation,
  { checkpoint, checkpointCommit, commits }: LogSegment,
  { tail, checksum, protocol, metadata }: ReplayedSegment & { readonly metadata: Metadata },
  signal?: AbortSignal,
): Promise<number> {
  if (commits.length > 0) return tailTimestamp(commits, tail, checkpointCommit?.lastModified)
  if (checkpointCommit === undefined) return checkpoint?.files[0]?.lastModified ?? 0
  const { key, lastModified } = checkpointCommit
  if (inCommitTimestamps(protocol, metadata) === undefined) return lastModified
  if (checksum?.inCommitTimestamp !== undefined) return checksum.inCommitTimestamp
  const info = commitInfoOf(await location.store.get(key, signal ? { signal } : {}), key)
  return info?.inCommitTimestamp ?? lastModified
}

/** The time of the newest of some commits. @param before the time of the version below them. */
export function tailTimestamp(commits: readonly LogFile[], { info }: Tail, before: number | undefined): number {
  if (info?.inCommitTimestamp !== undefined) return info.inCommitTimestamp
  let time = commits.length > ORDER_MARGIN ? undefined : before
  for (const { lastModified } of commits.slice(-ORDER_MARGIN)) time = monotonicTime(lastModified, time)
  return time as number
}
