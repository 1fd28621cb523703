import { publishFiles } from '../../../data-files/publish-files.js'
import type { WriteTarget } from '../../../data-files/write-target.js'
import { DeltaError } from '../../../errors/delta-error.js'
import type { AddFile } from '../../../protocol/actions/action.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import { tell } from '../../../runtime/observer.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { commitWrite } from '../commit-write.js'
import type { EngineHandle } from '../engine-handle.js'
import { removeFile } from '../live-files.js'
import type { OperationOptions } from '../operation-options.js'
import type { Written } from '../write-result.js'
import { rewriteMetrics } from './rewrite-metrics.js'

/** What a rewrite is, beside the files that it concerns. */
interface Rewrite {
  readonly operation: 'OPTIMIZE' | 'REORG'
  readonly operationParameters: { readonly [name: string]: string }
  readonly target: WriteTarget
}

/**
 * Writes each group of files as new ones of the target's size, and commits that as one version. No row changes.
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
  const { location } = snapshot
  const { signal, userMetadata } = options
  const abort = signal === undefined ? {} : { signal }
  const engine = await handle.open()
  const watched = { ...abort, ...(options.observer && { observer: options.observer }) }
  const added: AddFile[] = []
  for (const [index, group] of groups.entries()) {
    throwIfAborted(signal, `${operation} of ${location.url}`)
    const written = await engine.rewriteFiles(snapshot, group, target, watched)
    checkRowCount(
      group,
      written.reduce((rows, { numRows }) => rows + numRows, 0),
    )
    added.push(...(await publishFiles(location, target, written, { ...abort, dataChange: false })))
    tell(options.observer, { type: 'progress', operation, fraction: (index + 1) / groups.length })
  }
  const removed = groups.flat()
  const now = location.runtime.clock.now()
  return commitWrite(
    snapshot,
    {
      operation,
      operationParameters,
      metrics: rewriteMetrics(added, removed),
      actions: [...removed.map((file) => removeFile(file, { now, dataChange: false })), ...added],
      read: { files: removed.map(({ path }) => path) },
      isolation: 'SnapshotIsolation',
      rowIdsKept: true,
      ...(userMetadata !== undefined && { userMetadata }),
    },
    options,
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
