import type { Action } from '../../protocol/actions/action.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { LogFile } from '../log-segment.js'
import { visitCommitBackward } from './visit-commit.js'

/** Commits whose bytes are held at once. */
const BATCH = 512

/**
 * Hands all actions of some commits but commitInfo to `visit`, the newest first.
 *
 * @param files in ascending order of versions
 * @returns the bytes of the newest commit, undefined where there is none
 * @throws ObjectNotFound where a commit was cleaned up meanwhile; CorruptLog, naming file and line, where one does not parse
 */
export async function readBackward(
  location: TableLocation,
  files: readonly LogFile[],
  visit: (action: Action) => void,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  let newest: Uint8Array | undefined
  for (let end = files.length; end > 0; end -= BATCH) {
    throwIfAborted(signal, 'Reading the log')
    const keys = files.slice(Math.max(0, end - BATCH), end).map(({ key }) => key)
    const bodies = await location.store.getMany(keys, signal ? { signal } : {})
    newest ??= bodies.at(-1)
    for (let i = keys.length - 1; i >= 0; i--) visitCommitBackward(bodies[i] as Uint8Array, keys[i] as string, visit)
  }
  return newest
}
