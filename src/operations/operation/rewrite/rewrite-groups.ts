import type { WriteTarget } from '../../../data-files/write-target.js'
import type { AddFile } from '../../../protocol/actions/action.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { commitWrite } from '../commit-write.js'
import { commitOrDiscard } from '../discard-files.js'
import type { EngineHandle } from '../engine-handle.js'
import type { OperationOptions } from '../operation-options.js'
import type { Written } from '../write-result.js'
import { rewrittenFiles } from './rewritten-files.js'

/** What a rewrite is, beside the files that it concerns. */
interface Rewrite {
  readonly operation: 'OPTIMIZE' | 'REORG'
  readonly operationParameters: { readonly [name: string]: string }
  readonly target: WriteTarget
}

/**
 * Writes each group of files as new ones of the target's size, and commits that as one version; where that fails, they are deleted as far as that works. No row changes.
 *
 * @throws CorruptData where the statistics of files are not of their rows; ConcurrentDeleteRead, ConcurrentDeleteDelete
 */
export async function rewriteGroups(
  snapshot: Snapshot,
  groups: readonly (readonly AddFile[])[],
  { operation, operationParameters, target }: Rewrite,
  handle: EngineHandle,
  options: OperationOptions & { readonly userMetadata?: string | undefined },
): Promise<Written> {
  const { userMetadata } = options
  const { removed, added, actions, metrics } = await rewrittenFiles(
    snapshot,
    groups,
    target,
    operation,
    handle,
    options,
  )
  return commitOrDiscard(snapshot.location, added, () =>
    commitWrite(
      snapshot,
      {
        operation,
        operationParameters,
        metrics,
        actions,
        read: { files: removed.map(({ path }) => path) },
        isolation: 'SnapshotIsolation',
        rowIdsKept: true,
        ...(userMetadata !== undefined && { userMetadata }),
      },
      options,
    ),
  )
}
