import type { RecordBatch } from 'apache-arrow'
import { DeltaError } from '../errors/delta-error.js'
import { bindPredicate } from '../expressions/bind.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { EngineHandle } from './operation/engine-handle.js'
import type { OperationOptions } from './operation/operation-options.js'
import { resolveWhere, type Where } from './operation/where.js'

export interface ScanOptions extends OperationOptions {
  /** Columns to deliver, in order. Default: all. */
  readonly columns?: readonly string[] | undefined
  /** Only rows for which it is true. */
  readonly where?: Where | undefined
  /** At most so many rows, of no particular order. */
  readonly limit?: number | undefined
}

/**
 * The rows of a version as Arrow batches, a row group at a time. Files and row groups that cannot have a matching row are not opened.
 * What only the SQL engine can evaluate is read through it; all else needs no native code. There is always a batch, an empty one where no row matches: it has the columns.
 *
 * @throws UnknownColumn, InvalidPredicate; DataFileMissing, CorruptData naming the file
 */
export async function* scan(snapshot: Snapshot, options: ScanOptions): AsyncGenerator<RecordBatch, void, undefined> {
  const limit = checkedLimit(options.limit)
  const { columns, where, signal, observer } = options
  const abort = signal === undefined ? {} : { signal }
  const watched = { ...abort, ...(observer && { observer }) }
  const { planScan } = await import('../scan/plan-scan.js')
  await using engine = new EngineHandle(options)
  const predicate = await resolveWhere(where, snapshot.schema, engine)
  const plan = await planScan(snapshot, {
    ...abort,
    ...(columns && { columns }),
    ...(predicate && { where: predicate }),
  })
  if (predicate !== undefined && bindPredicate(predicate, snapshot.schema).opaque) {
    const result = await (await engine.open()).scan(plan, watched)
    yield* limited(result.batches(), limit, plan.schema)
    return
  }
  // A text that was parsed is all that the engine was for.
  await engine.close()
  const { readScan } = await import('../data-files/read-scan.js')
  yield* limited(readScan(plan, watched), limit, plan.schema)
}

function checkedLimit(limit: number | undefined): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY
  if (Number.isSafeInteger(limit) && limit >= 0) return limit
  throw new DeltaError('InvalidArgument', `limit must be a whole number from 0 on, not ${limit}.`)
}

async function* limited(
  batches: AsyncIterable<RecordBatch>,
  limit: number,
  schema: StructType,
): AsyncGenerator<RecordBatch, void, undefined> {
  let left = limit
  let empty = true
  if (limit > 0) {
    for await (const batch of batches) {
      empty = false
      yield batch.numRows <= left ? batch : batch.slice(0, left)
      left -= batch.numRows
      if (left <= 0) break
    }
  }
  if (!empty) return
  const { encodeRows } = await import('../arrow/encode/encode-rows.js')
  yield encodeRows([], schema)
}
