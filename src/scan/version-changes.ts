import { normalPath } from '../log/replay/file-key.js'
import type { Action, AddCdcFile, AddFile, CommitInfo, RemoveFile } from '../protocol/actions/action.js'
import { deletionVectorId } from '../protocol/deletion-vector/deletion-vector-path.js'
import type { ChangeFile, RemovedFile } from './change-plan.js'

/**
 * The files that the changed rows of a commit stand in (PROTOCOL.md, "Reader Requirements for AddCDCFile"): its change data files where it has some, else what it
 * added and removed. A file that was removed and added again with another deletion vector counts for the rows in which the two differ.
 *
 * @param complete what is known of a removed file where the commit says too little
 */
export function versionChanges(
  actions: readonly Action[],
  complete: (removed: RemoveFile) => RemovedFile,
): readonly ChangeFile[] {
  const recorded = actions.filter((action): action is AddCdcFile => action.type === 'cdc')
  if (recorded.length > 0) return recorded.map((file) => ({ kind: 'recorded', file }))
  if (changedNothing(actions)) return []
  const added = new Map<string, AddFile>()
  const removed = new Map<string, RemoveFile>()
  for (const action of actions) {
    if (action.type === 'add' && action.dataChange) added.set(normalPath(action.path), action)
    if (action.type === 'remove' && action.dataChange) removed.set(normalPath(action.path), action)
  }
  const files: ChangeFile[] = []
  for (const [path, file] of removed) {
    const after = added.get(path)
    if (after === undefined) files.push({ kind: 'removed', file: complete(file) })
    else if (vectorId(file) !== vectorId(after)) files.push({ kind: 'masked', before: complete(file), after })
  }
  for (const [path, file] of added) if (!removed.has(path)) files.push({ kind: 'added', file })
  return files
}

/** Whether {@link versionChanges} needs what a commit does not say of a removed file. */
export function isIncomplete(action: Action, isPartitioned: boolean): action is RemoveFile {
  return (
    action.type === 'remove' &&
    action.dataChange &&
    (action.size === undefined || (isPartitioned && action.partitionValues === undefined))
  )
}

/** Merges that changed no row may have rewritten files all the same; Spark's reader passes them over too. */
function changedNothing(actions: readonly Action[]): boolean {
  const info = actions.find((action): action is CommitInfo => action.type === 'commitInfo')
  if (info?.operation !== 'MERGE') return false
  const metrics = info.operationMetrics ?? {}
  return ['numTargetRowsInserted', 'numTargetRowsUpdated', 'numTargetRowsDeleted'].every(
    (name) => String(metrics[name]) === '0',
  )
}

function vectorId({ deletionVector }: AddFile | RemoveFile): string | undefined {
  return deletionVector === undefined ? undefined : deletionVectorId(deletionVector)
}
