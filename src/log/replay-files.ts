import type { CompactionFile, LogFile } from './log-segment.js'

/** What the commits of a compaction have to number at least, so that reading it in their place saves a request. */
const LEAST_COMMITS = 2

/**
 * The files to replay for a run of commits: log compaction files in place of the commits that they were made of (PROTOCOL.md, "Log Compaction Files"),
 * the longest first, and the other commits. The newest commit is always among them: only it has the commitInfo of the version.
 *
 * @param commits without a gap, in ascending order
 * @param compactions in any order; those that reach beyond the commits are passed over
 */
export function replayFiles(commits: readonly LogFile[], compactions: readonly CompactionFile[]): readonly LogFile[] {
  const [first, newest] = [commits[0], commits.at(-1)]
  if (first === undefined || newest === undefined || compactions.length === 0) return commits
  const longestFrom = new Map<number, CompactionFile>()
  for (const compaction of compactions) {
    const { version, endVersion } = compaction
    if (version < first.version || endVersion > newest.version || endVersion - version + 1 < LEAST_COMMITS) continue
    if (endVersion > (longestFrom.get(version)?.endVersion ?? -1)) longestFrom.set(version, compaction)
  }
  const files: LogFile[] = []
  for (let version = first.version; version <= newest.version; ) {
    const compaction = longestFrom.get(version)
    files.push(compaction ?? (commits[version - first.version] as LogFile))
    version = (compaction?.endVersion ?? version) + 1
  }
  // Replayed once more where a compaction has it: what it says is the newest in any case.
  return files.at(-1) === newest ? files : [...files, newest]
}
