import { readCheckpoint } from '../log/checkpoint/read-checkpoint.js'
import { listLogSegment } from '../log/list-log-segment.js'
import { readBackward } from '../log/replay/read-backward.js'
import type { RemoveFile } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { FileKeys } from './files/file-keys.js'

/**
 * The removes of files that are not live at a version and that were deleted after an instant: vacuum needs them to know since when a file is
 * gone, so checkpoints carry them on (PROTOCOL.md, "Action Reconciliation"). Read from the log, the newest first.
 * @param since ms since the epoch
 */
export async function readTombstones(
  location: TableLocation,
  version: number,
  since: number,
  signal?: AbortSignal,
): Promise<RemoveFile[]> {
  const segment = await listLogSegment(location, { version, signal })
  const tombstones: RemoveFile[] = []
  const touched = new FileKeys()
  const keep = (remove: RemoveFile): void => {
    if ((remove.deletionTimestamp ?? 0) > since) tombstones.push(remove)
  }
  await readBackward(
    location,
    segment.commits,
    (action) => {
      if (action.type === 'add') touched.add(action.path, action.deletionVector)
      else if (action.type === 'remove' && touched.add(action.path, action.deletionVector)) keep(action)
    },
    signal,
  )
  if (segment.checkpoint === undefined) return tombstones
  const checkpoint = await readCheckpoint(location, segment.checkpoint, signal)
  const keepOld = (remove: RemoveFile): void => {
    if (!touched.has(remove.path, remove.deletionVector)) keep(remove)
  }
  checkpoint.removes.forEach(keepOld)
  for (const part of checkpoint.parts) for await (const remove of part.removes(signal)) keepOld(remove)
  return tombstones
}
