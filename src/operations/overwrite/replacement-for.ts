import type { AddFile } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { liveFiles } from '../operation/live-files.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { resolveWhere, type Where } from '../operation/where.js'
import { replaceMatchingPartitions } from './replace-matching-partitions.js'
import { replaceWrittenPartitions } from './replace-written-partitions.js'
import type { Replacement } from './replacement.js'

export interface ReplacementOptions extends OperationOptions {
  readonly replaceWhere?: Where | undefined
  readonly dynamicPartitions?: boolean | undefined
}

/** What an overwrite with these options replaces: the partitions that match, those that are written to, or all. */
export async function replacementFor(snapshot: Snapshot, options: ReplacementOptions): Promise<Replacement> {
  const { replaceWhere, dynamicPartitions, signal } = options
  if (dynamicPartitions) return replaceWrittenPartitions(snapshot, signal)
  await using engine = new EngineHandle(options)
  const predicate = await resolveWhere(replaceWhere, snapshot.schema, engine)
  if (predicate !== undefined) return replaceMatchingPartitions(snapshot, predicate, signal)
  return { replacedBy: () => allFiles(snapshot, signal), readSet: () => ({ wholeTable: true }) }
}

async function allFiles(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<AddFile[]> {
  const files: AddFile[] = []
  for await (const file of liveFiles(snapshot, signal)) files.push(file)
  return files
}
