import type { Action } from '../../protocol/actions/action.js'
import { corruptCommit } from '../../protocol/actions/corrupt-commit.js'
import { fileKey, normalPath } from '../replay/file-key.js'

/**
 * A `visit` for the actions of one log compaction file, which refuses one that is only its commits one after the other: what is in it has to be reconciled (PROTOCOL.md,
 * "Log Compaction Files"), of each logical file one action, and nothing tells in which order the writer of another kind put them.
 *
 * @param path names the file in errors
 * @returns passes each action on to `visit`; throws CorruptLog at the second action of a file, and at change data
 */
export function visitCompacted(visit: (action: Action) => void, path: string): (action: Action) => void {
  const seen = new Set<string>()
  return (action) => {
    if (action.type === 'cdc') throw corruptCommit(path, 'a log compaction has no change data', undefined)
    if (action.type === 'add' || action.type === 'remove') {
      const key = fileKey(normalPath(action.path), action.deletionVector)
      if (seen.has(key))
        throw corruptCommit(
          path,
          `it has two actions of ${action.path}, and a log compaction has one of a file`,
          undefined,
        )
      seen.add(key)
    }
    visit(action)
  }
}
