import { DEFAULT_FILE_SIZE } from '../../data-files/write-target.js'
import { DeltaError } from '../../errors/delta-error.js'
import { bindPredicate } from '../../expressions/bind.js'
import type { Predicate } from '../../expressions/predicate.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { planScan } from '../../scan/plan-scan.js'
import { columnName } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../transaction/requirements/row-ids-kept.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { type FileSizing, newFilesTarget } from '../operation/new-files-target.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { rewriteGroups } from '../operation/rewrite/rewrite-groups.js'
import { resolveWhere, type Where } from '../operation/where.js'
import type { Written } from '../operation/write-result.js'
import { optimizeParameters } from './optimize-parameters.js'
import { packFiles } from './pack-files.js'

export interface OptimizeOptions extends OperationOptions, FileSizing {
  /** Only the partitions for which it is true: a condition on partition columns. */
  readonly where?: Where | undefined
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}

/**
 * Merges small files of a partition into files of about `targetFileSize`, and drops rows that deletion vectors hide from files with many of them.
 * No row changes: readers of changes and appends are not disturbed.
 *
 * @throws ConcurrentDeleteRead, ConcurrentDeleteDelete where another writer changed one of the files; the table is as it was then
 */
export async function optimize(snapshot: Snapshot, options: OptimizeOptions): Promise<Written> {
  const { metadata, protocol, schema } = snapshot
  checkWritable(protocol, metadata)
  checkRowsMayMove(snapshot)
  const { signal } = options
  const abort = signal === undefined ? {} : { signal }
  const target = newFilesTarget(snapshot, options)
  await using handle = new EngineHandle(options)
  const where = await partitionsToOptimize(snapshot, options.where, handle)
  const plan = await planScan(snapshot, { ...(where && { where }), ...abort })
  const groups = packFiles(plan.files(), target.targetFileSize ?? DEFAULT_FILE_SIZE)
  if (groups.length === 0) {
    return { result: { version: snapshot.version, operation: 'OPTIMIZE', metrics: {}, skipped: true }, snapshot }
  }
  const predicate = where === undefined ? [] : [predicateToSql(where, schema)]
  // Awaited here: a failure must find a handler before the engine is closed.
  return await rewriteGroups(
    snapshot,
    groups,
    { operation: 'OPTIMIZE', operationParameters: optimizeParameters(predicate, false), target },
    handle,
    options,
  )
}

async function partitionsToOptimize(
  { schema, metadata }: Snapshot,
  where: Where | undefined,
  engine: EngineHandle,
): Promise<Predicate | undefined> {
  const predicate = await resolveWhere(where, schema, engine)
  if (predicate === undefined) return undefined
  const { columns, opaque } = bindPredicate(predicate, schema)
  const other = columns.find(({ path }) => !metadata.partitionColumns.includes(path[0] as string))
  if (!opaque && other === undefined) return predicate
  throw new DeltaError(
    'InvalidPredicate',
    `OPTIMIZE takes a condition on partition columns (${metadata.partitionColumns.join(', ') || 'this table has none'}) made of comparisons, IN, IS NULL, AND, OR and NOT${other === undefined ? '' : `; ${columnName(other.path)} is none of them`}.`,
    other === undefined ? {} : { details: { column: columnName(other.path) } },
  )
}
