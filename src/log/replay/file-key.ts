import type { DeletionVectorDescriptor } from '../../protocol/actions/action.js'
import { deletionVectorId } from '../../protocol/deletion-vector/deletion-vector-path.js'

const FILE_SCHEME = /^file:\/*/

/**
 * What tells logical files apart in replay (PROTOCOL.md, "Action Reconciliation"): the path (as {@link normalPath} gives it), and the deletion
 * vector where there is one.
 */
export function fileKey(path: string, deletionVector: DeletionVectorDescriptor | undefined): string {
  return deletionVector === undefined ? path : `${path}\0${deletionVectorId(deletionVector)}`
}

/** One spelling for each path: `file:/a`, `file:///a` and `/a` are the same. */
export function normalPath(path: string): string {
  return path.startsWith('file:') ? path.replace(FILE_SCHEME, '/') : path
}
