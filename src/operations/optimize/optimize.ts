import { publishFiles } from '../../data-files/publish-files.js'
import { DeltaError } from '../../errors/delta-error.js'
import { bindPredicate } from '../../expressions/bind.js'
import type { Predicate } from '../../expressions/predicate.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { planScan } from '../../scan/plan-scan.js'
import { columnName } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../transaction/requirements/row-ids-kept.js'
import { commitWrite } from '../operation/commit-write.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { removeFile } from '../operation/live-files.js'
import { type FileSizing, newFilesTarget } from '../operation/new-files-target.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { resolveWhere, type Where } from '../operation/where.js'
import type { Written } from '../operation/write-result.js'
import { optimizeMetrics } from './optimize-metrics.js'
import { packFiles } from './pack-files.js'

export interface OptimizeOptions extends OperationOptions, FileSizing {
  /** Only the partitions for which it is true: a condition on partition columns. */
  readonly where?: Where | undefined
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}

const DEFAULT_TARGET_SIZE = 128 * 1024 * 1024

/**
 * Merges small files of a partition into files of about `targetFileSize`, and drops rows that deletion vectors hide from files with many of them.
 * No row changes: readers of changes and appends are not disturbed.
 *
 * @throws ConcurrentDeleteRead, ConcurrentDeleteDelete where another writer changed one of the files; the table is as it was then
 */
export async function optimize(snapshot: Snapshot, options: OptimizeOptions): Promise<Written> {
  const { metadata, protocol, schema, location } = snapshot
  checkWritable(protocol, metadata)
  checkRowsMayMove(snapshot)
  const { signal, userMetadata } = options
  const abort = signal === undefined ? {} : { signal }
  const target = newFilesTarget(metadata, schema, options)
  await using handle = new EngineHandle(options)
  const where = await partitionsToOptimize(snapshot, options.where, handle)
  const plan = await planScan(snapshot, { ...(where && { where }), ...abort })
  const groups = packFiles(plan.files(), target.targetFileSize ?? DEFAULT_TARGET_SIZE)
  if (groups.length === 0) {
    return { result: { version: snapshot.version, operation: 'OPTIMIZE', metrics: {}, skipped: true }, snapshot }
  }
  const engine = await handle.open()
  const watched = { ...abort, ...(options.observer && { observer: options.observer }) }
  const added: AddFile[] = []
  for (const [index, group] of groups.entries()) {
    throwIfAborted(signal, `OPTIMIZE of ${location.url}`)
    const written = await engine.rewriteFiles(snapshot, group, target, watched)
    checkRowCount(
      group,
      written.reduce((rows, { numRows }) => rows + numRows, 0),
    )
    added.push(...(await publishFiles(location, target, written, { ...abort, dataChange: false })))
    options.observer?.on({ type: 'progress', operation: 'OPTIMIZE', fraction: (index + 1) / groups.length })
  }
  const removed = groups.flat()
  const now = location.runtime.clock.now()
  // Awaited here: a failure must find a handler before the engine is closed.
  return await commitWrite(
    snapshot,
    {
      operation: 'OPTIMIZE',
      operationParameters: {
        predicate: JSON.stringify(where === undefined ? [] : [predicateToSql(where, schema)]),
        zOrderBy: '[]',
        clusterBy: '[]',
        auto: 'false',
      },
      metrics: optimizeMetrics(added, removed),
      actions: [...removed.map((file) => removeFile(file, { now, dataChange: false })), ...added],
      read: { files: removed.map(({ path }) => path) },
      isolation: 'SnapshotIsolation',
      ...(userMetadata !== undefined && { userMetadata }),
    },
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

/** The files say how many rows they have: a rewrite that has others must not replace them. */
function checkRowCount(files: readonly AddFile[], rewritten: number): void {
  let expected = 0
  for (const { stats, deletionVector } of files) {
    const records: unknown = stats === undefined ? undefined : JSON.parse(stats).numRecords
    if (typeof records !== 'number') return
    expected += records - (deletionVector?.cardinality ?? 0)
  }
  if (expected === rewritten) return
  throw new DeltaError(
    'CorruptData',
    `The statistics of ${files.length} files promise ${expected} rows, but ${rewritten} were read from them. Nothing was committed. One of them is damaged, the first is ${files[0]?.path}.`,
    { details: { files: files.map(({ path }) => path).slice(0, 20), expected, found: rewritten } },
  )
}
