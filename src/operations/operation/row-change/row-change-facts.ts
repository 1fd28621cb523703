import type { RowClause } from '../../../engine/row-change.js'
import type { AddFile } from '../../../protocol/actions/action.js'
import type { ScanCounts } from '../../../scan/scan-plan.js'
import { totalSize } from '../write-input.js'
import type { DecidedFile } from './decide-files.js'

/** What a change of rows did, for its metrics. */
export interface RowChangeFacts {
  readonly scan: ScanCounts
  readonly clauses: readonly RowClause[]
  /** Rows that each clause applied to. */
  readonly counts: readonly number[]
  readonly files: readonly DecidedFile[]
  /** Files that hold what was left of others. */
  readonly rewritten: readonly AddFile[]
  /** Files with updated and inserted rows. */
  readonly written: readonly AddFile[]
  readonly changeFiles: number
  readonly sourceRows: number
  /** Milliseconds. */
  readonly scanTime: number
  readonly rewriteTime: number
}

/** Files and deletion vectors, added up. */
export interface FileMetrics {
  readonly removedFiles: number
  readonly removedBytes: number
  readonly addedFiles: number
  readonly addedBytes: number
  readonly vectorsAdded: number
  readonly vectorsUpdated: number
  readonly vectorsRemoved: number
  readonly copiedRows: number
}

export function fileMetrics({ files, rewritten, written }: RowChangeFacts): FileMetrics {
  const gone = files.filter(({ fate }) => fate !== 'vector')
  const kept = files.filter(({ fate }) => fate === 'vector')
  const hadVector = ({ file }: DecidedFile): boolean => file.deletionVector !== undefined
  return {
    removedFiles: gone.length,
    removedBytes: totalSize(gone.map(({ file }) => file)),
    addedFiles: rewritten.length + written.length,
    addedBytes: totalSize([...rewritten, ...written]),
    vectorsAdded: kept.filter((file) => !hadVector(file)).length,
    vectorsUpdated: kept.filter(hadVector).length,
    vectorsRemoved: gone.filter(hadVector).length,
    copiedRows: files.reduce((rows, { fate, left }) => rows + (fate === 'rewrite' ? (left ?? 0) : 0), 0),
  }
}

/** Rows that clauses of a kind applied to. */
export function clauseRows(
  { clauses, counts }: Pick<RowChangeFacts, 'clauses' | 'counts'>,
  wanted: (clause: RowClause) => boolean,
): number {
  return counts.reduce((rows, count, i) => rows + (wanted(clauses[i] as RowClause) ? count : 0), 0)
}
