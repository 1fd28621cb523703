import { readCheckpoint } from '../../log/checkpoint/read-checkpoint.js'
import { listLogSegment } from '../../log/list-log-segment.js'
import { readBackward } from '../../log/replay/read-backward.js'
import type { RemoveFile } from '../../protocol/actions/action.js'
import type { TableLocation } from '../../storage/table-location.js'
import { FileKeys } from '../files/file-keys.js'

/**
 * The removes of files that are not live at a version and that were deleted after an instant: vacuum needs them to know since when a file is
 * gone, so checkpoints carry them on (PROTOCOL.md, "Action Reconciliation"). Read from the log, the newest first.
 * @param since ms since the epoch
 */
export async function* readTombstones(
  location: TableLocation,
  version: number,
  since: number,
  signal?: AbortSignal,
): AsyncGenerator<RemoveFile, void, undefined> {
  const segment = await listLogSegment(location, { version, signal })
  const recent: RemoveFile[] = []
  const touched = new FileKeys()
  const isKept = (remove: RemoveFile): boolean => (remove.deletionTimestamp ?? 0) > since
  await readBackward(
    location,
    segment.commits,
    (action) => {
      if (action.type === 'add') touched.add(action.path, action.deletionVector)
      else if (action.type === 'remove' && touched.add(action.path, action.deletionVector) && isKept(action)) {
        recent.push(action)
      }
    },
    signal,
  )
  yield* recent
  if (segment.checkpoint === undefined) return
  const checkpoint = await readCheckpoint(location, segment.checkpoint, signal)
  const isStill = (remove: RemoveFile): boolean => isKept(remove) && !touched.has(remove.path, remove.deletionVector)
  yield* checkpoint.removes.filter(isStill)
  for (const part of checkpoint.parts) {
    for await (const remove of part.removes(signal)) if (isStill(remove)) yield remove
  }
}
