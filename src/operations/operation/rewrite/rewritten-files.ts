import { mergeDataFiles } from '../../../data-files/merge/merge-data-files.js'
import { publishFiles } from '../../../data-files/publish-files.js'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { DeltaError } from '../../../errors/delta-error.js'
import type { AddFile, RemoveFile } from '../../../protocol/actions/action.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import { tell } from '../../../runtime/observer.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { discardFiles } from '../discard-files.js'
import type { EngineHandle } from '../engine-handle.js'
import { removeFile } from '../live-files.js'
import type { OperationOptions } from '../operation-options.js'
import { rewriteMetrics } from './rewrite-metrics.js'

/** Files in the place of others, with the same rows. */
export interface RewrittenFiles {
  readonly removed: readonly AddFile[]
  /** They are put, and no version has them yet. */
  readonly added: readonly AddFile[]
  readonly actions: readonly (AddFile | RemoveFile)[]
  readonly metrics: { readonly [name: string]: number }
}

/**
 * Writes each group of files as new ones of the target's size; on failure what was put is deleted as far as that works. The target may name columns in files by other names than the table does now.
 *
 * @param operation for messages and progress
 * @throws CorruptData where the statistics of files are not of their rows
 */
export async function rewrittenFiles(
  snapshot: Snapshot,
  groups: readonly (readonly AddFile[])[],
  target: WriteTarget,
  operation: string,
  handle: EngineHandle,
  { signal, observer }: OperationOptions,
): Promise<RewrittenFiles> {
  const { location } = snapshot
  const abort = signal === undefined ? {} : { signal }
  const added: AddFile[] = []
  try {
    for (const [index, group] of groups.entries()) {
      throwIfAborted(signal, `${operation} of ${location.url}`)
      const merged = await mergeDataFiles(snapshot, group, target, {
        ...abort,
        onRows: (rows) => tell(observer, { type: 'progress', operation, rows, fraction: index / groups.length }),
      })
      if (merged === undefined) {
        const engine = await handle.open()
        const written = await engine.rewriteFiles(snapshot, group, target, { ...abort, ...(observer && { observer }) })
        checkRowCount(group, sum(written))
        added.push(...(await publishFiles(location, target, written, { ...abort, dataChange: false })))
      } else {
        added.push(merged.add)
        checkRowCount(group, merged.numRows)
      }
      tell(observer, { type: 'progress', operation, fraction: (index + 1) / groups.length })
    }
  } catch (error) {
    await discardFiles(location, added)
    throw error
  }
  const removed = groups.flat()
  const now = location.runtime.clock.now()
  const actions = [...removed.map((file) => removeFile(file, { now, dataChange: false })), ...added]
  return { removed, added, actions, metrics: rewriteMetrics(added, removed) }
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

function sum(files: readonly WrittenFile[]): number {
  return files.reduce((rows, { numRows }) => rows + numRows, 0)
}
