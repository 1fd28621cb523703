import type { RecordBatch } from 'apache-arrow'
import type { AddFile } from '../protocol/actions/action.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { type Observer, tell } from '../runtime/observer.js'
import { readAhead } from '../runtime/read-ahead.js'
import type { ScanPlan } from '../scan/scan-plan.js'
import { readDataFile } from './read-data-file.js'
import { scanLayout } from './scan-layout.js'

export interface ReadScanOptions {
  readonly signal?: AbortSignal
  readonly observer?: Observer
}

/** Files are opened ahead, and their first row groups decoded, while those that wait are no bigger than this together, in bytes as stored. */
const AHEAD_BYTES = 48 << 20
const AHEAD_FILES = 8

/**
 * The rows of a plan as Arrow batches of its schema, file by file, without native code: deletion vectors, partition values, column mapping and widened types are applied,
 * and the predicate to every row. Memory is bounded by a few row groups. The predicate must not be opaque.
 *
 * @throws DataFileMissing, CorruptData naming the file, Aborted, and what the store throws
 */
export async function* readScan(
  plan: ScanPlan,
  options: ReadScanOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const { signal, observer } = options
  throwIfAborted(signal, 'The scan')
  const layout = scanLayout(plan)
  const open = (add: AddFile): AsyncIterator<RecordBatch> => readDataFile(layout, add, { signal })
  const batches = readAhead(plan.files(), open, {
    weigh: (add) => add.size,
    budget: AHEAD_BYTES,
    limit: AHEAD_FILES,
  })
  let rows = 0
  for await (const batch of batches) {
    throwIfAborted(signal, 'The scan')
    rows += batch.numRows
    tell(observer, { type: 'progress', operation: 'SCAN', rows })
    yield batch
  }
}
