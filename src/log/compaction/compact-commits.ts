import type { Action, AddFile, RemoveFile } from '../../protocol/actions/action.js'
import { serializeCommit } from '../../protocol/actions/serialize-commit.js'
import { commitKey, compactionKey } from '../../protocol/log-path.js'
import type { TableLocation } from '../../storage/table-location.js'
import { fileKey, normalPath } from '../replay/file-key.js'
import { readBackward } from '../replay/read-backward.js'
import { StateCollector } from '../replay/table-state.js'

/**
 * Writes a log compaction file: what the commits `first` to `last`, both included, come to together (PROTOCOL.md, "Log Compaction Files"), so that readers need
 * not open each. Tombstones stay, of files and of metadata domains: they hide what older versions have. Holds the actions of the range in memory.
 *
 * @throws ObjectNotFound where a commit of the range was cleaned up; CorruptLog
 */
export async function compactCommits(
  location: TableLocation,
  { first, last }: { readonly first: number; readonly last: number },
  signal?: AbortSignal,
): Promise<void> {
  const commits = Array.from({ length: last - first + 1 }, (_, i) => {
    return { key: commitKey(first + i), version: first + i, size: 0, lastModified: 0 }
  })
  const state = new StateCollector()
  const files = new Map<string, AddFile | RemoveFile>()
  const visit = (action: Action): void => {
    if (action.type === 'add' || action.type === 'remove') {
      const key = fileKey(normalPath(action.path), action.deletionVector)
      if (!files.has(key)) files.set(key, action)
    } else state.visit(action)
  }
  await readBackward(location, commits, visit, signal)
  const actions = [
    ...(state.protocol === undefined ? [] : [state.protocol]),
    ...(state.metadata === undefined ? [] : [state.metadata]),
    ...state.transactions.values(),
    ...state.domains.values(),
    // The oldest first, as in the commits.
    ...[...files.values()].reverse(),
  ]
  const abort = signal && { signal }
  await location.store.put(compactionKey(first, last), serializeCommit(actions), { mode: 'overwrite', ...abort })
}
