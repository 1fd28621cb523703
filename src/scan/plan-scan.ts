import { bindPredicate } from '../expressions/bind.js'
import type { BoundPredicate } from '../expressions/bound-predicate.js'
import type { Predicate } from '../expressions/predicate.js'
import type { AddFile } from '../protocol/actions/action.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { columnMappingMode } from '../schema/column-mapping.js'
import type { FileChunk } from '../snapshot/file-list.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { checkColumns } from './check-columns.js'
import { withMetadataColumn } from './metadata-column.js'
import { isPartitionColumn } from './partition-column.js'
import { pruneByPartition } from './prune-by-partition.js'
import { pruneByStatistics } from './prune-by-statistics.js'
import type { ScanCounts, ScanPlan } from './scan-plan.js'
import { selectColumns } from './select-columns.js'
import { splitPredicate } from './split-predicate.js'

export interface ScanRequest {
  /** Top-level columns to deliver, in order, in any case; `_metadata` where rows are tracked. Default: all columns of the table. */
  readonly columns?: readonly string[]
  /** Only rows that fulfil it. Default: all. */
  readonly where?: Predicate
  readonly signal?: AbortSignal
}

/** Files of one chunk, by position. */
interface ChunkFiles {
  readonly chunk: FileChunk
  /** Undefined: all of them. */
  readonly positions?: Int32Array
}

/**
 * Plans what to read of a snapshot: leaves out files that cannot have a matching row, first by their partition values, then by their statistics (which are loaded
 * only if that can leave out more). Every row that matches is in the files that stay.
 *
 * UnknownColumn, AmbiguousColumn, InvalidPredicate; InvalidArgument where the table has no columns; CorruptLog for partition values that are none of their column's type.
 */
export async function planScan(snapshot: Snapshot, request: ScanRequest = {}): Promise<ScanPlan> {
  const { columns, where, signal } = request
  checkColumns(snapshot)
  const bound = where === undefined ? undefined : bindPredicate(where, snapshot.schema)
  const visible = withMetadataColumn(snapshot.schema, snapshot, columns ?? [])
  const { schema, readSchema } = selectColumns(visible, columns, bound)
  const { chunks, numFiles } = await snapshot.files(signal)
  const { files, counts } =
    bound === undefined
      ? { files: chunks.map((chunk): ChunkFiles => ({ chunk })), counts: allKept(numFiles) }
      : await prune(snapshot, chunks, bound, signal)
  return {
    snapshot,
    schema,
    readSchema,
    ...(where === undefined ? {} : { predicate: where }),
    counts,
    files: () => addFiles(files),
  }
}

async function prune(
  { metadata }: Snapshot,
  chunks: readonly FileChunk[],
  bound: BoundPredicate,
  signal: AbortSignal | undefined,
): Promise<{ files: ChunkFiles[]; counts: ScanCounts }> {
  const mode = columnMappingMode(metadata.configuration)
  const isPartition = isPartitionColumn(metadata)
  const { byPartition, byStatistics } = splitPredicate(bound, isPartition)
  const files: ChunkFiles[] = []
  let total = 0
  let inPartitions = 0
  let kept = 0
  for (const chunk of chunks) {
    throwIfAborted(signal, 'Planning the scan')
    let positions = pruneByPartition(chunk, byPartition, mode)
    total += chunk.length
    inPartitions += positions.length
    if (byStatistics !== undefined && positions.length > 0) {
      await chunk.loadStatistics(signal)
      positions = pruneByStatistics(chunk, positions, byStatistics, isPartition, mode)
    }
    kept += positions.length
    if (positions.length > 0) files.push({ chunk, positions })
  }
  const counts = {
    total,
    kept,
    prunedByPartition: total - inPartitions,
    prunedByStatistics: inPartitions - kept,
  }
  return { files, counts }
}

function allKept(total: number): ScanCounts {
  return { total, kept: total, prunedByPartition: 0, prunedByStatistics: 0 }
}

function* addFiles(files: readonly ChunkFiles[]): Generator<AddFile, void, undefined> {
  for (const { chunk, positions } of files) {
    if (positions === undefined) for (let i = 0; i < chunk.length; i++) yield chunk.addFile(i)
    else for (const i of positions) yield chunk.addFile(i)
  }
}
