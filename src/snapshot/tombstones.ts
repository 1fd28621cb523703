import { readCheckpoint } from '../log/checkpoint/read-checkpoint.js'
import { listLogSegment } from '../log/list-log-segment.js'
import { readCommits } from '../log/read-commits.js'
import { foldFiles } from '../log/replay/file-changes.js'
import { fileKey } from '../log/replay/file-key.js'
import type { RemoveFile } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'

/**
 * The removes of files that are not live at a version and that were deleted after an instant: vacuum needs them to know since when a file is
 * gone, so checkpoints carry them on (PROTOCOL.md, "Action Reconciliation"). Read from the log.
 * @param since ms since the epoch
 */
export async function readTombstones(
  location: TableLocation,
  version: number,
  since: number,
  signal?: AbortSignal,
): Promise<RemoveFile[]> {
  const segment = await listLogSegment(location, { version, signal })
  const { removed, touched } = foldFiles(await readCommits(location, segment.commits, signal, { forReplay: true }))
  const unexpired = ({ deletionTimestamp = 0 }: RemoveFile): boolean => deletionTimestamp > since
  const tombstones = removed.filter(unexpired)
  if (segment.checkpoint === undefined) return tombstones
  const checkpoint = await readCheckpoint(location, segment.checkpoint, signal)
  const keep = (remove: RemoveFile): void => {
    if (unexpired(remove) && !touched.has(fileKey(remove))) tombstones.push(remove)
  }
  checkpoint.removes.forEach(keep)
  for (const part of checkpoint.parts) for await (const remove of part.removes(signal)) keep(remove)
  return tombstones
}
