import { publishFiles } from '../../../data-files/publish-files.js'
import { publishChanges } from '../../../data-files/write-changes.js'
import { writeDeletionVectors } from '../../../data-files/write-deletion-vectors.js'
import type { WriteTarget } from '../../../data-files/write-target.js'
import type { QueryEngine } from '../../../engine/query-engine.js'
import type { RowChange } from '../../../engine/row-change.js'
import type { Action, AddCdcFile, AddFile } from '../../../protocol/actions/action.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import { mapConcurrent } from '../../../runtime/map-concurrent.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { discardFiles } from '../discard-files.js'
import { removeFile } from '../live-files.js'
import type { DecidedFile } from './decide-files.js'
import { hiddenRows, wideStatistics, withoutRows } from './hide-rows.js'
import type { RowChangeOptions } from './row-change-options.js'

/** Files and actions of a change: no version has them yet. */
export interface StagedChange {
  readonly actions: readonly Action[]
  readonly rewritten: readonly AddFile[]
  readonly written: readonly AddFile[]
  /** Files of changed rows, for readers of changes. */
  readonly changes: readonly AddCdcFile[]
  /** Everything that was put. */
  readonly paths: readonly { readonly path: string }[]
}

/** Deletion vectors that are read at once. */
const CONCURRENCY = 16

/** Writes new rows, what is left of rewritten files, deletion vectors and change files. On failure what was put is deleted as far as that works. */
export async function stageChange(
  snapshot: Snapshot,
  engine: QueryEngine,
  rows: RowChange,
  files: readonly DecidedFile[],
  {
    changeFeed,
    target,
    options,
  }: { readonly changeFeed: boolean; readonly target: WriteTarget; readonly options: RowChangeOptions },
): Promise<StagedChange> {
  const { location } = snapshot
  const { signal, observer } = options
  const abort = signal === undefined ? {} : { signal }
  const paths: { readonly path: string }[] = []
  const put = <T extends { readonly path: string }>(some: readonly T[]): readonly T[] => {
    paths.push(...some)
    return some
  }
  try {
    const hidden = await hiddenOf(snapshot, files, signal)
    const sets = hidden.filter((_, i) => files[i]?.fate === 'vector') as RowSet[]
    // Vectors are made, and rows are put, while the engine is at work. All ends before what was put is deleted.
    const makingRows = rows.writeRows()
    const puttingVectors = writeDeletionVectors(location, sets, signal)
    const rewrite = async (): Promise<AddFile[]> => {
      await Promise.all([makingRows, puttingVectors])
      throwIfAborted(signal, 'The change')
      const left = files.flatMap((decided, i) => {
        return decided.fate === 'rewrite' ? [withoutRows(decided.file, hidden[i] as RowSet)] : []
      })
      if (left.length === 0) return []
      const copied = await engine.rewriteFiles(snapshot, left, target, { ...abort, ...(observer && { observer }) })
      return publishFiles(location, target, copied, abort)
    }
    const [rowsPut, leftPut, vectorsPut] = await Promise.allSettled([
      makingRows.then((made) => publishFiles(location, target, made, abort)),
      rewrite(),
      puttingVectors,
    ])
    for (const each of [rowsPut, leftPut]) if (each.status === 'fulfilled') put(each.value)
    if (vectorsPut.status === 'fulfilled' && vectorsPut.value.path !== undefined) {
      paths.push({ path: vectorsPut.value.path })
    }
    const written = settledValue(rowsPut)
    const rewritten = settledValue(leftPut)
    const vectors = settledValue(vectorsPut)
    const now = location.runtime.clock.now()
    let next = 0
    const hiding = files.flatMap(({ fate, file }): AddFile[] => {
      if (fate !== 'vector') return []
      const deletionVector = vectors.descriptors[next++]
      return [
        {
          ...file,
          dataChange: true,
          stats: wideStatistics(file.stats ?? ''),
          ...(deletionVector && { deletionVector }),
        },
      ]
    })
    const changes = put(
      changeFeed && mixesChanges(files, written)
        ? await publishChanges(location, target, await rows.writeChanges(), abort)
        : [],
    )
    return {
      actions: [
        ...files.map(({ file }) => removeFile(file, { now, dataChange: true })),
        ...hiding,
        ...rewritten,
        ...written,
        ...changes,
      ],
      rewritten,
      written,
      changes,
      paths,
    }
  } catch (error) {
    await discardFiles(location, paths)
    throw error
  }
}

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** Whether the files that come and go do not tell by themselves what became of each row: whole files that only come, or only go, do. */
function mixesChanges(files: readonly DecidedFile[], written: readonly AddFile[]): boolean {
  return files.length > 0 && (written.length > 0 || files.some(({ fate }) => fate !== 'remove'))
}

/** For files that stay in some form: all their rows that are gone. */
async function hiddenOf(snapshot: Snapshot, files: readonly DecidedFile[], signal: AbortSignal | undefined) {
  const sets = []
  for await (const rows of mapConcurrent(files, CONCURRENCY, async (decided) =>
    decided.fate === 'remove' ? undefined : hiddenRows(snapshot.location, decided, signal),
  )) {
    sets.push(rows)
  }
  return sets
}
