import { listLogSegment } from '../log/list-log-segment.js'
import { corruptLog } from '../log/log-error.js'
import type { LogSegment } from '../log/log-segment.js'
import { checkReadable } from '../protocol/features/check-protocol.js'
import type { TableLocation } from '../storage/table-location.js'
import { LogSnapshot, type SnapshotReader } from './log-snapshot.js'
import { refreshSnapshot } from './refresh-snapshot.js'
import { type ReplayedSegment, replaySegment } from './replay-segment.js'
import { resolveVersion } from './resolve-version.js'
import { segmentTimestamp } from './segment-timestamp.js'
import type { Snapshot, VersionSpec } from './snapshot.js'

/**
 * Opens one version of a table: the latest, a given one, or the last one at or before an instant. Reads the listing, the commits after the
 * checkpoint and, unless those have them, protocol and metadata of the checkpoint; no file action of a checkpoint.
 *
 * @throws TableNotFound with the URL tried; VersionNotFound naming the versions that exist; UnsupportedFeature; CorruptLog
 */
export function openSnapshot(
  location: TableLocation,
  spec: VersionSpec = {},
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Snapshot> {
  return open(location, spec, options)
}

const READER: SnapshotReader = { open, refresh: refreshSnapshot }

async function open(
  location: TableLocation,
  spec: VersionSpec,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<LogSnapshot> {
  const version = await resolveVersion(location, spec, () => open(location, {}, { signal }), signal)
  const segment = await listLogSegment(location, { version, signal })
  return describe(location, segment, await replaySegment(location, segment, signal), signal)
}

async function describe(
  location: TableLocation,
  segment: LogSegment,
  { base, overlay, tail, protocol, metadata }: ReplayedSegment,
  signal: AbortSignal | undefined,
): Promise<LogSnapshot> {
  checkReadable(protocol)
  if (metadata === undefined)
    throw corruptLog(location, segment.version, 'no commit and no checkpoint has a metaData action')
  const timestamp = await segmentTimestamp(location, segment, tail, { protocol, metadata }, signal)
  return new LogSnapshot({
    location,
    version: segment.version,
    timestamp,
    protocol,
    metadata,
    base,
    overlay,
    source: { tail },
    reader: READER,
  })
}
