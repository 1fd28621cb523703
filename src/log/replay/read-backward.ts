import type { Action } from '../../protocol/actions/action.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import type { TableLocation } from '../../storage/table-location.js'
import { visitCompacted } from '../compaction/compacted-actions.js'
import type { CompactionFile, LogFile } from '../log-segment.js'
import { visitCommitBackward } from './visit-commit.js'

/** Commits that are read at once: so many at first, later as many as come to {@link BATCH_BYTES}. */
const FIRST_BATCH = 16
const MAX_BATCH = 512
const BATCH_BYTES = 16 << 20

/**
 * Hands all actions of some commits but commitInfo to `visit`, the newest first.
 *
 * @param files in ascending order of versions
 * @returns the bytes of the newest commit, undefined where there is none
 * @throws ObjectNotFound where a commit was cleaned up meanwhile; CorruptLog, naming file and line, where one does not parse, or where a log compaction is not reconciled
 */
export async function readBackward(
  location: TableLocation,
  files: readonly LogFile[],
  visit: (action: Action) => void,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  let newest: Uint8Array | undefined
  let count = FIRST_BATCH
  for (let end = files.length; end > 0; ) {
    throwIfAborted(signal, 'Reading the log')
    const start = Math.max(0, end - count)
    const batch = files.slice(start, end)
    const keys = batch.map(({ key }) => key)
    const bodies = await location.store.getMany(keys, signal ? { signal } : {})
    newest ??= bodies.at(-1)
    for (let i = batch.length - 1; i >= 0; i--) {
      const file = batch[i] as LogFile
      visitCommitBackward(
        bodies[i] as Uint8Array,
        file.key,
        isCompaction(file) ? visitCompacted(visit, file.key) : visit,
      )
    }
    const bytes = bodies.reduce((sum, { byteLength }) => sum + byteLength, 1)
    count = Math.max(1, Math.min(MAX_BATCH, Math.floor((BATCH_BYTES * keys.length) / bytes)))
    end = start
  }
  return newest
}

function isCompaction(file: LogFile): file is CompactionFile {
  return 'endVersion' in file
}
