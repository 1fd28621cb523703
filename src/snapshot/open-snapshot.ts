import { listLogSegment } from '../log/list-log-segment.js'
import { corruptLog } from '../log/log-error.js'
import type { LogSegment } from '../log/log-segment.js'
import { readCommits } from '../log/read-commits.js'
import type { CommitActions } from '../log/replay/commit-actions.js'
import { advanceState, EMPTY_STATE, overlayState, type TableState } from '../log/replay/table-state.js'
import { checkReadable } from '../protocol/features/check-protocol.js'
import type { TableLocation } from '../storage/table-location.js'
import { checkpointBase } from './checkpoint-base.js'
import { LogSnapshot, type SnapshotReader } from './log-snapshot.js'
import { refreshSnapshot } from './refresh-snapshot.js'
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
  const base = checkpointBase(location, segment.checkpoint)
  // Almost always needed, so it is on its way while the commits are read.
  const early = segment.checkpoint && base.state(signal)
  early?.catch(() => undefined)
  const tail = await readCommits(location, segment.commits, signal)
  const overlay = advanceState(EMPTY_STATE, tail)
  const known = overlay.protocol && overlay.metadata ? overlay : overlayState(await base.state(signal), overlay)
  return describe(location, segment, { base, overlay, tail, known }, signal)
}

interface Replayed {
  readonly base: LogSnapshot['base']
  readonly overlay: TableState
  readonly tail: readonly CommitActions[]
  /** Has protocol and metadata wherever the log has them. */
  readonly known: TableState
}

async function describe(
  location: TableLocation,
  segment: LogSegment,
  { base, overlay, tail, known }: Replayed,
  signal: AbortSignal | undefined,
): Promise<LogSnapshot> {
  const { protocol, metadata } = known
  if (protocol === undefined)
    throw corruptLog(location, segment.version, 'no commit and no checkpoint has a protocol action')
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
