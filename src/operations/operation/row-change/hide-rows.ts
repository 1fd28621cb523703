import { readDeletionVector } from '../../../data-files/read-deletion-vector.js'
import type { AffectedFile } from '../../../engine/row-change.js'
import type { AddFile } from '../../../protocol/actions/action.js'
import { inlineDeletionVector } from '../../../protocol/deletion-vector/deletion-vector-file.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import { parseJson, stringifyJson } from '../../../schema/lossless-json.js'
import type { TableLocation } from '../../../storage/table-location.js'

/** All rows of a file that are gone: those of its deletion vector and those that go now. */
export async function hiddenRows(
  location: TableLocation,
  { file, rows }: AffectedFile,
  signal?: AbortSignal,
): Promise<RowSet> {
  if (file.deletionVector === undefined) return rows
  return (await readDeletionVector(location, file.deletionVector, signal)).union(rows)
}

/** The file as a reader sees it that is to copy the rows that are left: nothing is stored. */
export function withoutRows(file: AddFile, hidden: RowSet): AddFile {
  return { ...file, deletionVector: inlineDeletionVector(hidden) }
}

/** Statistics of a file whose rows were deleted: the extremes may be gone (PROTOCOL.md, "Per-file Statistics"). */
export function wideStatistics(stats: string): string {
  const parsed = parseJson(stats)
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? stringifyJson({ ...parsed, tightBounds: false })
    : stats
}
