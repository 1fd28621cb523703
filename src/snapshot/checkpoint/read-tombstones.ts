import { readCheckpoint } from '../../log/checkpoint/read-checkpoint.js'
import { listLogSegment } from '../../log/list-log-segment.js'
import { readBackward } from '../../log/replay/read-backward.js'
import type { RemoveFile } from '../../protocol/actions/action.js'
import type { TableLocation } from '../../storage/table-location.js'
import { FileKeys } from '../files/file-keys.js'
import { heldTombstones } from '../known-tombstones.js'
import type { LogSnapshot } from '../log-snapshot.js'

/**
 * The removes of files that are not live at a version and that were deleted after an instant: vacuum needs them to know since when a file is
 * gone, so checkpoints carry them on (PROTOCOL.md, "Action Reconciliation"). The newest first. Read from the log, unless commits were followed one by one from
 * a version whose tombstones were read before, and they are few.
 * @param since ms since the epoch
 */
export async function* readTombstones(
  snapshot: LogSnapshot,
  since: number,
  signal?: AbortSignal,
): AsyncGenerator<RemoveFile, void, undefined> {
  const known = snapshot.knownTombstones
  if (known !== undefined) {
    yield* known.filter(({ deletionTimestamp = 0 }) => deletionTimestamp > since)
    return
  }
  const read: RemoveFile[] = []
  for await (const tombstone of tombstonesOfLog(snapshot.location, snapshot.version, since, signal)) {
    // One too many tells that they are too many, and no more need be held.
    if (heldTombstones(read) !== undefined) read.push(tombstone)
    yield tombstone
  }
  snapshot.rememberTombstones(read)
}

async function* tombstonesOfLog(
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
