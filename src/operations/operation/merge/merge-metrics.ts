import type { RowClause } from '../../../engine/row-change.js'
import { clauseRows, fileMetrics, type RowChangeFacts } from '../row-change/row-change-facts.js'

/** The metrics of MERGE by Spark's names. */
export function mergeMetrics(facts: RowChangeFacts): { readonly [name: string]: number } {
  const files = fileMetrics(facts)
  const rows = (action: RowClause['action'], kind?: RowClause['rows']): number =>
    clauseRows(facts, (clause) => clause.action === action && (kind === undefined || clause.rows === kind))
  const written = rows('update') + rows('insert')
  return {
    numSourceRows: facts.sourceRows,
    numOutputRows: written + files.copiedRows,
    numTargetRowsInserted: rows('insert'),
    numTargetRowsUpdated: rows('update'),
    numTargetRowsDeleted: rows('delete'),
    numTargetRowsCopied: files.copiedRows,
    numTargetRowsMatchedUpdated: rows('update', 'matched'),
    numTargetRowsMatchedDeleted: rows('delete', 'matched'),
    numTargetRowsNotMatchedBySourceUpdated: rows('update', 'notMatchedBySource'),
    numTargetRowsNotMatchedBySourceDeleted: rows('delete', 'notMatchedBySource'),
    numTargetFilesBeforeSkipping: facts.scan.total,
    numTargetFilesAfterSkipping: facts.scan.kept,
    numTargetFilesAdded: files.addedFiles,
    numTargetFilesRemoved: files.removedFiles,
    numTargetBytesAdded: files.addedBytes,
    numTargetBytesRemoved: files.removedBytes,
    numTargetDeletionVectorsAdded: files.vectorsAdded,
    numTargetDeletionVectorsUpdated: files.vectorsUpdated,
    numTargetDeletionVectorsRemoved: files.vectorsRemoved,
    numTargetChangeFilesAdded: facts.changeFiles,
    scanTimeMs: facts.scanTime,
    rewriteTimeMs: facts.rewriteTime,
    executionTimeMs: facts.scanTime + facts.rewriteTime,
  }
}
