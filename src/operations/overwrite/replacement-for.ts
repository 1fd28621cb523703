import type { Predicate } from '../../expressions/predicate.js'
import type { AddFile } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { liveFiles } from '../operation/live-files.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { replaceMatchingPartitions } from './replace-matching-partitions.js'
import { replaceWrittenPartitions } from './replace-written-partitions.js'
import type { Replacement } from './replacement.js'

/** What an overwrite replaces: the partitions that match, those that are written to, or all. */
export function replacementFor(
  snapshot: Snapshot,
  predicate: Predicate | undefined,
  { dynamicPartitions, signal }: { readonly dynamicPartitions?: boolean | undefined } & OperationOptions,
): Replacement {
  if (dynamicPartitions) return replaceWrittenPartitions(snapshot, signal)
  if (predicate !== undefined) return replaceMatchingPartitions(snapshot, predicate, signal)
  return { replacedBy: () => allFiles(snapshot, signal), readSet: () => ({ wholeTable: true }) }
}

async function allFiles(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<AddFile[]> {
  const files: AddFile[] = []
  for await (const file of liveFiles(snapshot, signal)) files.push(file)
  return files
}
