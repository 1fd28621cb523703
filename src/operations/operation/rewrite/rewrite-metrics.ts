import type { AddFile } from '../../../protocol/actions/action.js'

/** The metrics of OPTIMIZE and REORG by Spark's names: sizes are of the files that were added. */
export function rewriteMetrics(
  added: readonly AddFile[],
  removed: readonly AddFile[],
): { readonly [name: string]: number } {
  const sizes = added.map(({ size }) => size).sort((a, b) => a - b)
  const percentile = (share: number): number => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 0
  return {
    numAddedFiles: added.length,
    numRemovedFiles: removed.length,
    numAddedBytes: sum(added),
    numRemovedBytes: sum(removed),
    minFileSize: sizes[0] ?? 0,
    p25FileSize: percentile(0.25),
    p50FileSize: percentile(0.5),
    p75FileSize: percentile(0.75),
    maxFileSize: sizes.at(-1) ?? 0,
    numDeletionVectorsRemoved: removed.filter(({ deletionVector }) => deletionVector !== undefined).length,
  }
}

function sum(files: readonly AddFile[]): number {
  return files.reduce((bytes, { size }) => bytes + size, 0)
}
