import { commitTimestamp } from '../log/commit-timestamp.js'
import { inCommitTimestamps } from '../log/in-commit-timestamps.js'
import type { LogSegment } from '../log/log-segment.js'
import { readCommit } from '../log/read-commit.js'
import type { CommitActions } from '../log/replay/commit-actions.js'
import type { Metadata, Protocol } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'

/**
 * When the last version of a segment was committed, in ms since the epoch. Where the version is that of the checkpoint, its commit is read for an
 * in-commit timestamp; where that commit was cleaned up, the time of the checkpoint has to do.
 */
export async function segmentTimestamp(
  location: TableLocation,
  segment: LogSegment,
  tail: readonly CommitActions[],
  { protocol, metadata }: { readonly protocol: Protocol; readonly metadata: Metadata },
  signal?: AbortSignal,
): Promise<number> {
  const { checkpoint, checkpointCommit, commits } = segment
  let timestamp = checkpointCommit?.lastModified
  if (commits.length === 0) {
    if (checkpointCommit === undefined) return checkpoint?.files[0]?.lastModified ?? 0
    if (inCommitTimestamps(protocol, metadata) === undefined) return checkpointCommit.lastModified
    const actions = await readCommit(location, checkpointCommit.version, signal)
    return commitTimestamp(actions, checkpointCommit.lastModified, undefined)
  }
  commits.forEach(({ lastModified }, i) => {
    timestamp = commitTimestamp(tail[i]?.actions ?? [], lastModified, timestamp)
  })
  return timestamp as number
}
