import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import { deletionVectorId } from '../../protocol/deletion-vector/deletion-vector-path.js'

const FILE_SCHEME = /^file:\/*/i

/**
 * What tells logical files apart in replay (PROTOCOL.md, "Action Reconciliation"): the path, and the deletion vector where there is one.
 * `file:/a`, `file:///a` and `/a` are one path.
 */
export function fileKey({ path, deletionVector }: Pick<AddFile | RemoveFile, 'path' | 'deletionVector'>): string {
  const plain = normalPath(path)
  return deletionVector === undefined ? plain : `${plain}\n${deletionVectorId(deletionVector)}`
}

export function normalPath(path: string): string {
  return path.replace(FILE_SCHEME, '/')
}
