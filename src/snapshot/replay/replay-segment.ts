import { corruptLog } from '../../log/log-error.js'
import type { LogSegment } from '../../log/log-segment.js'
import { overlayState } from '../../log/replay/table-state.js'
import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import type { TableLocation } from '../../storage/table-location.js'
import { checkpointBase } from '../checkpoint-base.js'
import type { SnapshotBase } from '../snapshot-base.js'
import { readTail, type Tail } from './read-tail.js'

/** What the files of a segment say, no file action of a checkpoint read. */
export interface ReplayedSegment {
  readonly base: SnapshotBase
  readonly tail: Tail
  readonly protocol: Protocol
  /** Undefined where the log has none, which matters only after the protocol was found readable. */
  readonly metadata: Metadata | undefined
}

/**
 * Reads the commits of a segment and, at the same time, all but the file actions of its checkpoint. It does not matter here whether
 * lakewright knows the features of the table.
 *
 * @throws CorruptLog where there is no protocol
 */
export async function replaySegment(
  location: TableLocation,
  segment: LogSegment,
  signal?: AbortSignal,
): Promise<ReplayedSegment> {
  const base = checkpointBase(location, segment.checkpoint)
  // Nearly always needed, so it is on its way while the commits are read.
  const early = base.state(signal)
  early.catch(() => undefined)
  const tail = await readTail(location, segment.commits, signal)
  const isKnown = tail.state.protocol !== undefined && tail.state.metadata !== undefined
  const { protocol, metadata } = isKnown ? tail.state : overlayState(await early, tail.state)
  if (protocol === undefined) throw lacking(location, segment, 'protocol')
  return { base, tail, protocol, metadata }
}

/** No commit and no checkpoint of a segment has an action that every table has. */
export function lacking(location: TableLocation, { version }: LogSegment, action: 'protocol' | 'metaData'): Error {
  return corruptLog(location, version, `no commit and no checkpoint has a ${action} action`)
}
