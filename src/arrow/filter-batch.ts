import type { RecordBatch } from 'apache-arrow'
import { runsOfMask } from './row-runs.js'
import { takeRuns } from './take-rows.js'

/** The rows of a batch whose byte in `mask` is not 0, in their order. The batch itself where that is all of them. */
export function filterBatch(batch: RecordBatch, mask: Uint8Array): RecordBatch {
  const runs = runsOfMask(mask, batch.numRows)
  return runs.total === batch.numRows ? batch : takeRuns(batch, runs)
}

/** The same of a batch whose memory nobody else holds, which is spent: where most rows stay, they are written over it. */
export function filterOwnBatch(batch: RecordBatch, mask: Uint8Array): RecordBatch {
  const runs = runsOfMask(mask, batch.numRows)
  return runs.total === batch.numRows ? batch : takeRuns(batch, runs, runs.total * 2 > batch.numRows)
}
