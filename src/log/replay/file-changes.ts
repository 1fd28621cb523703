import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import type { CommitActions } from './commit-actions.js'
import { fileKey } from './file-key.js'

/** What a run of commits did to the files before it. */
export interface FileChanges {
  /** Files that are live at its end, in log order. */
  readonly added: readonly AddFile[]
  /** Keys (see `fileKey`) that it added or removed: what older states say of them no longer counts. */
  readonly touched: ReadonlySet<string>
  /** The newest remove of each file that is not live. */
  readonly removed: readonly RemoveFile[]
}

/** Folds commits, oldest first, into their net effect (PROTOCOL.md, "Action Reconciliation": of one logical file the newest action counts). */
export function foldFiles(commits: readonly CommitActions[]): FileChanges {
  const newest = new Map<string, AddFile | RemoveFile>()
  for (const { actions } of commits) {
    for (const action of actions) {
      if (action.type !== 'add' && action.type !== 'remove') continue
      const key = fileKey(action)
      // Put at the end, so that the order is that of the newest actions.
      newest.delete(key)
      newest.set(key, action)
    }
  }
  const added: AddFile[] = []
  const removed: RemoveFile[] = []
  for (const action of newest.values()) {
    if (action.type === 'add') added.push(action)
    else removed.push(action)
  }
  return { added, removed, touched: new Set(newest.keys()) }
}
