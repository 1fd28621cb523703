import { isDeltaError } from '../../errors/delta-error.js'
import { checksumState } from '../../log/checksum/checksum-state.js'
import { readChecksum, type VersionChecksum } from '../../log/checksum/read-checksum.js'
import { corruptLog } from '../../log/log-error.js'
import type { LogFile, LogSegment } from '../../log/log-segment.js'
import { overlayState, type TableState } from '../../log/replay/table-state.js'
import { replayFiles } from '../../log/replay-files.js'
import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import type { TableLocation } from '../../storage/table-location.js'
import { checkpointBase } from '../checkpoint-base.js'
import type { SnapshotBase } from '../snapshot-base.js'
import { readTail, type Tail } from './read-tail.js'

/** What the files of a segment say, no file action of a checkpoint read. */
export interface ReplayedSegment {
  readonly base: SnapshotBase
  /** All but the files of the base, from the version checksum where that has it all. */
  readonly baseState: (signal?: AbortSignal) => Promise<TableState>
  /** Of this version or one between it and the checkpoint; undefined where there is none that can be used, or where it would save nothing. */
  readonly checksum: VersionChecksum | undefined
  readonly tail: Tail
  readonly protocol: Protocol
  /** Undefined where the log has none, which matters only after the protocol was found readable. */
  readonly metadata: Metadata | undefined
}

/**
 * Reads the commits of a segment and, at the same time, a version checksum where there is one, or else all but the file actions of its checkpoint.
 * It does not matter here whether lakewright knows the features of the table.
 *
 * @throws CorruptLog where there is no protocol
 */
export async function replaySegment(
  location: TableLocation,
  segment: LogSegment,
  signal?: AbortSignal,
): Promise<ReplayedSegment> {
  const base = checkpointBase(location, segment.checkpoint)
  const hasChecksum = segment.checkpoint !== undefined && segment.checksum !== undefined
  // Nearly always needed, so it is on its way while the commits are read.
  const early = hasChecksum ? undefined : base.state(signal)
  early?.catch(() => undefined)
  const [tail, checksum] = await Promise.all([
    readCommits(location, segment, signal),
    hasChecksum ? readChecksum(location, segment.checksum as LogFile, signal) : undefined,
  ])
  const below = checksum && checksumState(checksum)
  const isKnown = tail.state.protocol !== undefined && tail.state.metadata !== undefined
  const { protocol, metadata } = isKnown ? tail.state : overlayState(below ?? (await base.state(signal)), tail.state)
  if (protocol === undefined) throw lacking(location, segment, 'protocol')
  const isWhole = checksum?.transactions !== undefined && checksum.domains !== undefined
  const baseState = async (again?: AbortSignal): Promise<TableState> =>
    below !== undefined && isWhole ? below : base.state(again)
  return { base, baseState, checksum, tail, protocol, metadata }
}

/** Reads log compactions in place of commits; where one is damaged or gone, the commits. */
async function readCommits(
  location: TableLocation,
  { commits, compactions }: LogSegment,
  signal: AbortSignal | undefined,
): Promise<Tail> {
  const files = replayFiles(commits, compactions)
  try {
    return await readTail(location, files, signal)
  } catch (error) {
    const isDerived = files !== commits && (isDeltaError(error, 'CorruptLog') || isDeltaError(error, 'ObjectNotFound'))
    if (!isDerived) throw error
    return readTail(location, commits, signal)
  }
}

/** No commit and no checkpoint of a segment has an action that every table has. */
export function lacking(location: TableLocation, { version }: LogSegment, action: 'protocol' | 'metaData'): Error {
  return corruptLog(location, version, `no commit and no checkpoint has a ${action} action`)
}
