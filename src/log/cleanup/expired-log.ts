import { LOG_PREFIX, parseLogKey } from '../../protocol/log-path.js'
import type { TableLocation } from '../../storage/table-location.js'
import { monotonicTime } from '../monotonic-time.js'

/** What is no longer needed of a log. */
export interface ExpiredLog {
  /** The checkpoint that the log begins with from now on. */
  readonly checkpoint: number
  /** Keys of checkpoints, checksums and compactions before it. */
  readonly derived: readonly string[]
  /** Keys of commits before it, in ascending order of versions. */
  readonly commits: readonly string[]
}

interface Entry {
  readonly key: string
  readonly version: number
}

/**
 * Finds what a cleanup may delete (PROTOCOL.md, "Metadata Cleanup"): all before the newest complete checkpoint that is not newer than the last commit of the
 * cutoff. Undefined where there is nothing. The listing ends at the first commit that is newer than the cutoff, so a log that needs no cleanup costs one page.
 *
 * Times are those of the commits' files, also where commits bear their own: those differ by the skew of two clocks.
 *
 * @param cutoff ms since the epoch
 */
export async function findExpiredLog(
  location: TableLocation,
  cutoff: number,
  signal?: AbortSignal,
): Promise<ExpiredLog | undefined> {
  const commits: Entry[] = []
  const derived: Entry[] = []
  const parts = new Map<string, number>()
  const complete: number[] = []
  let time: number | undefined
  for await (const { key, lastModified } of location.store.list(LOG_PREFIX, signal ? { signal } : {})) {
    const parsed = parseLogKey(key)
    // Files of versions come first; what follows them is not of a version, or not in their order.
    if (parsed === undefined || !('version' in parsed) || parsed.kind === 'stagedCommit') continue
    const { kind, version } = parsed
    if (kind === 'commit') {
      time = monotonicTime(lastModified, time)
      if (time > cutoff) break
      commits.push({ key, version })
      continue
    }
    derived.push({ key, version })
    if (kind === 'classicCheckpoint' || kind === 'uuidCheckpoint') complete.push(version)
    if (kind === 'multiPartCheckpoint') {
      const id = `${version}/${parsed.parts}`
      const seen = (parts.get(id) ?? 0) + 1
      parts.set(id, seen)
      if (seen === parsed.parts) complete.push(version)
    }
  }
  // Of a version, `.checkpoint` sorts before `.json`: the last one may lie beyond the cutoff.
  const last = commits.at(-1)?.version ?? -1
  const checkpoint = Math.max(-1, ...complete.filter((version) => version <= last))
  const isExpired = ({ version }: Entry): boolean => version < checkpoint
  const expired = {
    checkpoint,
    derived: derived.filter((entry) => isExpired(entry) || isCompactionFrom(entry, checkpoint)).map(({ key }) => key),
    commits: commits.filter(isExpired).map(({ key }) => key),
  }
  return expired.derived.length + expired.commits.length === 0 ? undefined : expired
}

/** Log compactions that begin with the checkpoint hold nothing that is needed beyond it. */
function isCompactionFrom({ key, version }: Entry, checkpoint: number): boolean {
  return version === checkpoint && parseLogKey(key)?.kind === 'compaction'
}
