import { corruptLog } from '../log/log-error.js'
import type { LogSegment } from '../log/log-segment.js'
import { readCommits } from '../log/read-commits.js'
import type { CommitActions } from '../log/replay/commit-actions.js'
import { advanceState, EMPTY_STATE, overlayState, type TableState } from '../log/replay/table-state.js'
import type { Metadata, Protocol } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { checkpointBase } from './checkpoint-base.js'

/** What the files of a segment say, no file action of a checkpoint read. */
export interface ReplayedSegment {
  readonly base: ReturnType<typeof checkpointBase>
  readonly overlay: TableState
  readonly tail: readonly CommitActions[]
  readonly protocol: Protocol
  /** Undefined where the log has none, which matters only after the protocol was found readable. */
  readonly metadata: Metadata | undefined
}

/**
 * Reads the commits of a segment and, unless those have them, protocol and metadata of its checkpoint. It does not matter here whether
 * lakewright knows the features of the table.
 *
 * @throws CorruptLog where there is no protocol
 */
export async function replaySegment(
  location: TableLocation,
  segment: LogSegment,
  signal: AbortSignal | undefined,
): Promise<ReplayedSegment> {
  const base = checkpointBase(location, segment.checkpoint)
  // Almost always needed, so it is on its way while the commits are read.
  const early = segment.checkpoint && base.state(signal)
  early?.catch(() => undefined)
  const tail = await readCommits(location, segment.commits, signal)
  const overlay = advanceState(EMPTY_STATE, tail)
  const known = overlay.protocol && overlay.metadata ? overlay : overlayState(await base.state(signal), overlay)
  if (known.protocol === undefined)
    throw corruptLog(location, segment.version, 'no commit and no checkpoint has a protocol action')
  return { base, overlay, tail, protocol: known.protocol, metadata: known.metadata }
}
