import { DEFAULT_FILE_SIZE } from '../../data-files/write-target.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { planScan } from '../../scan/plan-scan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../transaction/requirements/row-ids-kept.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { newFilesTarget } from '../operation/new-files-target.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { rewriteGroups } from '../operation/rewrite/rewrite-groups.js'
import { optimizeParameters } from './optimize-parameters.js'
import { packFiles, partitionKey } from './pack-files.js'

/** Small files of a partition that make a merge worth its while, as in Spark. */
const FEWEST_FILES = 50

/**
 * Merges the small files of the partitions that a commit added files to, once there are fifty of them in one. Undefined where there are not.
 *
 * @param added the files of the commit
 * @returns the table after it
 * @throws as `optimize`
 */
export async function autoCompact(
  snapshot: Snapshot,
  added: readonly AddFile[],
  options: OperationOptions,
): Promise<Snapshot | undefined> {
  const { protocol, metadata } = snapshot
  const touched = new Set(added.map(partitionKey))
  if (touched.size === 0) return undefined
  checkWritable(protocol, metadata)
  checkRowsMayMove(snapshot)
  const target = newFilesTarget(snapshot, {})
  const size = target.targetFileSize ?? DEFAULT_FILE_SIZE
  const plan = await planScan(snapshot, options.signal === undefined ? {} : { signal: options.signal })
  const small = new Map<string, AddFile[]>()
  for (const file of plan.files()) {
    const partition = partitionKey(file)
    if (file.size >= size || !touched.has(partition)) continue
    const files = small.get(partition)
    if (files === undefined) small.set(partition, [file])
    else files.push(file)
  }
  const many = [...small.values()].filter((files) => files.length >= FEWEST_FILES)
  const groups = packFiles(many.flat(), size)
  if (groups.length === 0) return undefined
  await using handle = new EngineHandle(options)
  const written = await rewriteGroups(
    snapshot,
    groups,
    { operation: 'OPTIMIZE', operationParameters: optimizeParameters([], true), target },
    handle,
    options,
  )
  return written.snapshot
}
