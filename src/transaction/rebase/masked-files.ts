import type { Action, AddFile, DeletionVectorDescriptor, RemoveFile } from '../../protocol/actions/action.js'
import { deletionVectorId } from '../../protocol/deletion-vector/deletion-vector-path.js'
import { actionsOf } from '../file-actions.js'

/** A data file that stays and gets another deletion vector: what a commit says of it. */
export interface MaskedFile {
  readonly remove: RemoveFile
  readonly add: AddFile & { readonly deletionVector: DeletionVectorDescriptor }
}

/** The files that a commit takes out and puts back with another deletion vector, by path. */
export function maskedFiles(actions: readonly Action[]): ReadonlyMap<string, MaskedFile> {
  const removes = new Map(actionsOf(actions, 'remove').map((remove) => [remove.path, remove]))
  const masked = new Map<string, MaskedFile>()
  for (const add of actionsOf(actions, 'add')) {
    const { path, deletionVector, dataChange } = add
    const remove = removes.get(path)
    if (deletionVector === undefined || remove === undefined || !dataChange || !remove.dataChange) continue
    masked.set(path, { remove, add: { ...add, deletionVector } })
  }
  return masked
}

/** Whether two deletion vectors of a file, or none, are the same. */
export function sameVector(a: DeletionVectorDescriptor | undefined, b: DeletionVectorDescriptor | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return deletionVectorId(a) === deletionVectorId(b)
}
