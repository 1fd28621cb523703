import type { Column } from '../arrow/column.js'
import { validityTest } from '../arrow/validity.js'
import type { Checkpoint, CheckpointPart } from '../log/checkpoint/checkpoint.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import { CheckpointChunk } from './checkpoint-chunk.js'
import { CheckpointStatistics } from './checkpoint-statistics.js'
import { CommitChunk } from './commit-chunk.js'
import type { FileColumns } from './file-columns.js'

/** Files of a checkpoint that are read at once. */
const CONCURRENCY = 8

/** The files of a checkpoint as columns, a chunk a row group. Statistics stay where they are until somebody wants them. */
export async function checkpointColumns(checkpoint: Checkpoint, signal?: AbortSignal): Promise<FileColumns[]> {
  const columns: FileColumns[] = checkpoint.adds.length > 0 ? [new CommitChunk(checkpoint.adds)] : []
  for await (const chunks of mapConcurrent(checkpoint.parts, CONCURRENCY, (part) => readPart(part, signal))) {
    columns.push(...chunks)
  }
  return columns
}

async function readPart(part: CheckpointPart, signal: AbortSignal | undefined): Promise<CheckpointChunk[]> {
  const statistics = new CheckpointStatistics(part)
  const chunks: CheckpointChunk[] = []
  let firstRow = 0
  for await (const batch of part.adds(signal)) {
    const add = batch.data.children[0] as Column | undefined
    if (add !== undefined && add.nullCount < add.length) {
      const rows = add.nullCount === 0 ? undefined : validRows(add)
      if (rows === undefined || rows.length > 0) chunks.push(new CheckpointChunk({ add, rows, firstRow, statistics }))
    }
    firstRow += batch.numRows
  }
  return chunks
}

function validRows(column: Column): Int32Array {
  const isValid = validityTest(column)
  const rows = new Int32Array(column.length)
  let count = 0
  for (let row = 0; row < column.length; row++) if (isValid(row)) rows[count++] = row
  return rows.slice(0, count)
}
