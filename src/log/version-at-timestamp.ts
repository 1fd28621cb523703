import { DeltaError } from '../errors/delta-error.js'
import type { TableLocation } from '../storage/table-location.js'
import { availableVersions } from './available-versions.js'
import { commitInfoOf } from './commit-info.js'
import type { InCommitTimestamps } from './in-commit-timestamps.js'
import { tableNotFound } from './log-error.js'
import { readLogListing } from './log-listing.js'
import type { LogFile } from './log-segment.js'
import { monotonicTime } from './monotonic-time.js'

/**
 * The last version that was committed at or before an instant. Times of files are made monotonic, as the protocol's readers do; commits that bear
 * their own time are searched by it (PROTOCOL.md, "Recommendations for Readers of Tables with In-Commit Timestamps").
 *
 * @param instant ms since the epoch
 * @throws VersionNotFound naming the earliest time that can be opened; TableNotFound
 */
export async function versionAtTimestamp(
  location: TableLocation,
  instant: number,
  exact: InCommitTimestamps | undefined,
  signal?: AbortSignal,
): Promise<number> {
  const listing = await readLogListing(location, { signal })
  const range = availableVersions(listing)
  if (range === undefined) throw tableNotFound(location)
  const commits = listing.commits.filter(({ version }) => version >= range.earliest)
  const [before, after] = splitAt(commits, exact)
  if (exact !== undefined && after.length > 0 && instant >= exact.fromTimestamp) {
    const found = await searchExact(location, after, instant, signal)
    if (found !== undefined) return found
  }
  const found = searchFiles(before, instant)
  if (found !== undefined) return found
  throw await tooEarly(location, commits, instant, exact, signal)
}

function splitAt(
  commits: readonly LogFile[],
  exact: InCommitTimestamps | undefined,
): [before: readonly LogFile[], after: readonly LogFile[]] {
  if (exact === undefined) return [commits, []]
  const first = commits.findIndex(({ version }) => version >= exact.fromVersion)
  return first < 0 ? [commits, []] : [commits.slice(0, first), commits.slice(first)]
}

function searchFiles(commits: readonly LogFile[], instant: number): number | undefined {
  let found: number | undefined
  let timestamp: number | undefined
  for (const { version, lastModified } of commits) {
    timestamp = monotonicTime(lastModified, timestamp)
    if (timestamp > instant) break
    found = version
  }
  return found
}

/** In-commit timestamps grow with the versions, so a few commits tell. */
async function searchExact(
  location: TableLocation,
  commits: readonly LogFile[],
  instant: number,
  signal?: AbortSignal,
): Promise<number | undefined> {
  let [low, high] = [0, commits.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((await exactTime(location, commits[middle] as LogFile, signal)) <= instant) low = middle + 1
    else high = middle
  }
  return commits[low - 1]?.version
}

/** The in-commit timestamp of a commit. */
async function exactTime(
  location: TableLocation,
  { key, lastModified }: LogFile,
  signal?: AbortSignal,
): Promise<number> {
  const info = commitInfoOf(await location.store.get(key, signal ? { signal } : {}), key)
  return info?.inCommitTimestamp ?? lastModified
}

async function tooEarly(
  location: TableLocation,
  commits: readonly LogFile[],
  instant: number,
  exact: InCommitTimestamps | undefined,
  signal?: AbortSignal,
): Promise<DeltaError> {
  const [first] = commits
  const asked = new Date(instant).toISOString()
  if (first === undefined) {
    return new DeltaError(
      'VersionNotFound',
      `${location.url} has no commit left whose time is known. Ask for a version by its number.`,
    )
  }
  const bearsTime = exact !== undefined && first.version >= exact.fromVersion
  const earliest = new Date(bearsTime ? await exactTime(location, first, signal) : first.lastModified).toISOString()
  return new DeltaError(
    'VersionNotFound',
    `${location.url} has no version at or before ${asked}. The earliest that can be opened is version ${first.version} of ${earliest}.`,
    { details: { table: location.url, version: first.version, timestamp: earliest } },
  )
}
