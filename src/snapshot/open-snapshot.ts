import { isDeltaError } from '../errors/delta-error.js'
import { listLogSegment } from '../log/list-log-segment.js'
import type { LogSegment } from '../log/log-segment.js'
import { checkReadable } from '../protocol/features/check-protocol.js'
import type { TableLocation } from '../storage/table-location.js'
import { LogSnapshot, type SnapshotReader } from './log-snapshot.js'
import { refreshSnapshot } from './refresh-snapshot.js'
import { lacking, replaySegment } from './replay/replay-segment.js'
import { resolveVersion } from './resolve-version.js'
import { segmentTimestamp } from './segment-timestamp.js'
import type { Snapshot, VersionSpec } from './snapshot.js'
import { verifyChecksum } from './verify-checksum.js'

export interface OpenSnapshotOptions {
  /** Replays the whole log and compares it with the version checksum, where there is one: CorruptLog where they differ. Default: false. */
  readonly verify?: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens one version of a table: the latest, a given one, or the last one at or before an instant. Reads the listing, the commits after the
 * checkpoint and, at the same time, the newest version checksum, or else all but the file actions of the checkpoint.
 *
 * @throws TableNotFound with the URL tried; VersionNotFound naming the versions that exist; UnsupportedFeature; CorruptLog
 */
export async function openSnapshot(
  location: TableLocation,
  spec: VersionSpec = {},
  { verify = false, signal }: OpenSnapshotOptions = {},
): Promise<Snapshot> {
  const snapshot = await open(location, spec, signal)
  if (verify) await verifyChecksum(location, snapshot.version, signal)
  return snapshot
}

const READER: SnapshotReader = { open, refresh: refreshSnapshot }

async function open(location: TableLocation, spec: VersionSpec, signal?: AbortSignal): Promise<LogSnapshot> {
  const version = await resolveVersion(location, spec, () => open(location, {}, signal), signal)
  try {
    return await openSegment(location, await listLogSegment(location, { version, signal }), signal)
  } catch (error) {
    // Commits that were cleaned up after they were listed: what stands for them is there now.
    if (!isDeltaError(error, 'ObjectNotFound')) throw error
    return openSegment(location, await listLogSegment(location, { version, signal }), signal)
  }
}

async function openSegment(
  location: TableLocation,
  segment: LogSegment,
  signal: AbortSignal | undefined,
): Promise<LogSnapshot> {
  const replayed = await replaySegment(location, segment, signal)
  const { base, baseState, checksum, tail, protocol, metadata } = replayed
  checkReadable(protocol)
  if (metadata === undefined) throw lacking(location, segment, 'metaData')
  return new LogSnapshot({
    location,
    version: segment.version,
    timestamp: await segmentTimestamp(location, segment, { ...replayed, metadata }, signal),
    protocol,
    metadata,
    baseState,
    overlay: tail.state,
    tombstones: segment.checkpoint === undefined ? tail.tombstones : undefined,
    totals: checksum?.version === segment.version ? checksum : undefined,
    files: { before: (again) => base.files(again), changes: [tail.changes] },
    reader: READER,
  })
}
