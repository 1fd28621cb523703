import { parseCommit } from '../protocol/actions/parse-commit.js'
import { throwIfAborted } from '../runtime/aborted.js'
import type { TableLocation } from '../storage/table-location.js'
import type { LogFile } from './log-segment.js'
import type { CommitActions } from './replay/commit-actions.js'

/** Commits read at once: what they hold in memory beside their actions stays bounded. */
const BATCH = 512

export interface ReadCommitsOptions {
  /** Leaves out the commitInfo of all commits but the last: replay needs none, and it is half of what small commits hold. */
  readonly forReplay?: boolean
}

/**
 * The actions of some commits, in the order of `files`.
 *
 * @throws ObjectNotFound where one was cleaned up meanwhile; CorruptLog, naming file and line, where one does not parse
 */
export async function readCommits(
  location: TableLocation,
  files: readonly LogFile[],
  signal?: AbortSignal,
  options: ReadCommitsOptions = {},
): Promise<CommitActions[]> {
  const commits: CommitActions[] = []
  for (let start = 0; start < files.length; start += BATCH) {
    throwIfAborted(signal, 'Reading the log')
    const batch = files.slice(start, start + BATCH)
    const bodies = await location.store.getMany(
      batch.map(({ key }) => key),
      signal ? { signal } : {},
    )
    batch.forEach(({ key, version }, i) => {
      const skipped = options.forReplay && start + i < files.length - 1 ? 'commitInfo' : undefined
      commits.push({ version, actions: parseCommit(bodies[i] as Uint8Array, key, skipped) })
    })
  }
  return commits
}
