import { commitInfoOf } from '../../log/commit-info.js'
import type { LogFile } from '../../log/log-segment.js'
import { readBackward } from '../../log/replay/read-backward.js'
import type { CommitInfo } from '../../protocol/actions/action.js'
import type { TableLocation } from '../../storage/table-location.js'
import { ChangeCollector, type CollectedChanges } from './change-collector.js'

/** What the commits of a segment did. */
export interface Tail extends CollectedChanges {
  /** Of the newest commit. */
  readonly info: CommitInfo | undefined
}

/** Reads and folds the commits of a segment. Errors as `readBackward`. */
export async function readTail(
  location: TableLocation,
  commits: readonly LogFile[],
  signal?: AbortSignal,
): Promise<Tail> {
  const collector = new ChangeCollector()
  const newest = await readBackward(location, commits, collector.visit, signal)
  const info = newest && commitInfoOf(newest, commits.at(-1)?.key ?? '')
  return { ...collector.finish(), info }
}
