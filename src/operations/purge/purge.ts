import { DEFAULT_FILE_SIZE } from '../../data-files/write-target.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { planScan } from '../../scan/plan-scan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../transaction/requirements/row-ids-kept.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { type FileSizing, newFilesTarget } from '../operation/new-files-target.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { partitionGroups } from '../operation/rewrite/partition-groups.js'
import { rewriteGroups } from '../operation/rewrite/rewrite-groups.js'
import type { Written } from '../operation/write-result.js'

export interface PurgeOptions extends OperationOptions, FileSizing {
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}

/**
 * Writes the rows that are left of files with deletion vectors to new files, so that rows that were deleted are in no file of the newest version. No row changes. The old
 * files are gone for good when they are vacuumed. Where no file has a deletion vector, nothing is committed.
 *
 * @throws ConcurrentDeleteRead, ConcurrentDeleteDelete where another writer changed one of the files; the table is as it was then
 */
export async function purge(snapshot: Snapshot, options: PurgeOptions): Promise<Written> {
  const { metadata, protocol } = snapshot
  checkWritable(protocol, metadata)
  checkRowsMayMove(snapshot)
  const target = newFilesTarget(snapshot, options)
  const plan = await planScan(snapshot, options.signal === undefined ? {} : { signal: options.signal })
  const groups = partitionGroups(masked(plan.files()), target.targetFileSize ?? DEFAULT_FILE_SIZE)
  if (groups.length === 0) {
    return { result: { version: snapshot.version, operation: 'REORG', metrics: {}, skipped: true }, snapshot }
  }
  await using handle = new EngineHandle(options)
  const operationParameters = { predicate: '[]', applyPurge: 'true' }
  // Awaited here: a failure must find a handler before the engine is closed.
  return await rewriteGroups(snapshot, groups, { operation: 'REORG', operationParameters, target }, handle, options)
}

function* masked(files: Iterable<AddFile>): Generator<AddFile> {
  for (const file of files) if (file.deletionVector !== undefined) yield file
}
