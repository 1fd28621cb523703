import { DeltaError } from '../errors/delta-error.js'
import type { TableLocation } from '../storage/table-location.js'
import { availableVersions } from './available-versions.js'
import { readLastCheckpointVersion } from './last-checkpoint.js'
import { missingCommit, tableNotFound, versionNotFound } from './log-error.js'
import { type LogListing, latestVersion, readLogListing } from './log-listing.js'
import type { CheckpointFiles, LogSegment } from './log-segment.js'

export interface ListLogSegmentOptions {
  /** Default: the latest. */
  readonly version?: number | undefined
  /** Keys of checkpoint files that were found damaged: checkpoints with one of them are passed over. */
  readonly damaged?: ReadonlySet<string> | undefined
  readonly signal?: AbortSignal | undefined
}

/** How far before a version its checkpoint is looked for first: tables write one every 10 commits, some every 100. */
const CHECKPOINT_WINDOW = 100

/**
 * Finds the files that a version is made of, preferring the newest complete checkpoint.
 *
 * Latest version: one GET of `_last_checkpoint` and one LIST from there on. A given version: one LIST of it and the 100 versions
 * before it. Only where that finds no checkpoint, the log is listed from its beginning.
 *
 * @throws TableNotFound where there is no log; VersionNotFound, naming the versions that exist; CorruptLog where a commit is missing
 */
export async function listLogSegment(
  location: TableLocation,
  options: ListLogSegmentOptions = {},
): Promise<LogSegment> {
  const { version, damaged = NONE, signal } = options
  if (version !== undefined) checkVersion(version)
  const from = damaged.size > 0 ? 0 : await firstVersionToList(location, version, signal)
  if (from > 0) {
    const listing = await readLogListing(location, { from, to: version, signal })
    const checkpoint = newestCheckpoint(listing, damaged)
    const last = version ?? latestVersion(listing)
    if (checkpoint !== undefined && reaches(listing, last)) return segmentOf(location, listing, last, checkpoint)
  }
  const listing = await readLogListing(location, { to: version, signal })
  const checkpoint = newestCheckpoint(listing, damaged)
  const last = version ?? latestVersion(listing)
  const rebuilds = checkpoint !== undefined || listing.commits[0]?.version === 0
  if (rebuilds && reaches(listing, last)) return segmentOf(location, listing, last, checkpoint)
  throw await explainAbsence(location, version, signal)
}

const NONE: ReadonlySet<string> = new Set()

function checkVersion(version: number): void {
  if (Number.isSafeInteger(version) && version >= 0) return
  throw new DeltaError('InvalidArgument', `A table version is a whole number from 0 on, not ${version}.`)
}

async function firstVersionToList(
  location: TableLocation,
  version: number | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (version !== undefined) return Math.max(0, version - CHECKPOINT_WINDOW)
  return (await readLastCheckpointVersion(location, signal)) ?? 0
}

function newestCheckpoint(listing: LogListing, damaged: ReadonlySet<string>): CheckpointFiles | undefined {
  return listing.checkpoints.findLast((checkpoint) => !checkpoint.files.some((file) => damaged.has(file.key)))
}

function reaches(listing: LogListing, version: number | undefined): version is number {
  return version !== undefined && (latestVersion(listing) ?? -1) >= version
}

function segmentOf(
  location: TableLocation,
  { commits, checksums, compactions }: LogListing,
  version: number,
  checkpoint: CheckpointFiles | undefined,
): LogSegment {
  const first = checkpoint === undefined ? 0 : checkpoint.version + 1
  const tail = commits.filter((commit) => commit.version >= first)
  const gap = tail.findIndex((commit, index) => commit.version !== first + index)
  const missing = first + (gap < 0 ? tail.length : gap)
  if (missing <= version) throw missingCommit(location, missing, version)
  return {
    version,
    checkpoint,
    commits: tail,
    compactions: compactions.filter((compaction) => compaction.version >= first),
    checkpointCommit: checkpoint && commits.find((commit) => commit.version === checkpoint.version),
    checksum: checksums.findLast((checksum) => checksum.version >= first - 1 && checksum.version <= version),
  }
}

/** Lists the whole log once more, to say what there is in place of what was asked for. */
async function explainAbsence(
  location: TableLocation,
  version: number | undefined,
  signal: AbortSignal | undefined,
): Promise<DeltaError> {
  const listing = await readLogListing(location, { signal })
  const latest = latestVersion(listing)
  if (latest === undefined) return tableNotFound(location)
  const range = availableVersions(listing)
  if (range === undefined) return missingCommit(location, 0, latest)
  return versionNotFound(location, version ?? latest, range)
}
