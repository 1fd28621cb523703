import type { RecordBatch } from 'apache-arrow'
import { takeRows } from './take-rows.js'

/** The rows of a batch whose byte in `mask` is not 0, in their order. The batch itself where that is all of them. */
export function filterBatch(batch: RecordBatch, mask: Uint8Array): RecordBatch {
  let kept = 0
  for (let row = 0; row < batch.numRows; row++) if (mask[row] !== 0) kept++
  if (kept === batch.numRows) return batch
  const indices = new Int32Array(kept)
  for (let row = 0, next = 0; row < batch.numRows; row++) if (mask[row] !== 0) indices[next++] = row
  return takeRows(batch, indices)
}
