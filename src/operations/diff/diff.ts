import type { RecordBatch } from 'apache-arrow'
import { defaultMemory } from '../../runtime/node/default-memory.js'
import { CHANGE_COLUMNS, CHANGE_TYPE } from '../../scan/change-columns.js'
import type { ChangePlan } from '../../scan/change-plan.js'
import type { StructType } from '../../schema/data-type.js'
import { openSnapshot } from '../../snapshot/open-snapshot.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { byteCount } from '../operation/byte-count.js'
import type { OpenedChanges } from '../operation/opened-changes.js'
import type { OperationOptions } from '../operation/operation-options.js'
import type { VersionPoint } from '../operation/version-point.js'

export interface DiffOptions extends Pick<OperationOptions, 'signal' | 'observer' | 'memory'> {
  /** The version to begin with, or an instant: then the last version committed at or before it. */
  readonly from: VersionPoint
  /** The version to end with, likewise; it may be the older one. Default: the version that the handle holds. */
  readonly to?: VersionPoint | undefined
  /** Columns to compare and deliver, in order. Default: all. */
  readonly columns?: readonly string[] | undefined
  /** Columns that tell rows apart: rows of one key in both versions are given as `update_preimage` and `update_postimage`. Default: none; an update is a delete and an insert. */
  readonly keys?: readonly string[] | undefined
}

/**
 * The rows in which two versions differ, whether or not the table records changes: those that would have to be deleted from and inserted into the one to make it the other. The log tells
 * which files to read; where rows may have moved from file to file, what both sides have is left out by comparing them.
 *
 * @throws VersionNotFound; SchemaMismatch where the columns of the versions do not fit; UnknownColumn; InvalidInput where `keys` do not tell rows apart; DataFileMissing
 */
export async function diff(held: Snapshot, options: DiffOptions): Promise<OpenedChanges> {
  const { signal, columns } = options
  const { planDiff } = await import('../../scan/plan-diff.js')
  const [before, after] = [await versionAt(held, options.from, signal), await versionAt(held, options.to, signal)]
  const plan = await planDiff(before, after, { columns, signal })
  return {
    schema: { type: 'struct', fields: [...plan.schema.fields, CHANGE_TYPE] },
    batches: withoutVersions(differences(plan, options), plan.schema),
  }
}

async function versionAt(held: Snapshot, point: VersionPoint | undefined, signal?: AbortSignal): Promise<Snapshot> {
  if (point === undefined || point === held.version) return held
  return openSnapshot(held.location, typeof point === 'number' ? { version: point } : { timestamp: point }, { signal })
}

async function* differences(
  plan: ChangePlan,
  { keys, memory, signal, observer }: DiffOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  const memoryBytes = memory === undefined ? defaultMemory() : byteCount('memory', memory)
  const watched = { signal, observer }
  if (keys !== undefined) {
    const { netChanges } = await import('../../data-files/net-changes.js')
    yield* netChanges(plan, { ...watched, keys, memoryBytes })
  } else if (await isOneSided(plan)) {
    const { readChanges } = await import('../../data-files/read-changes.js')
    yield* readChanges(plan, watched)
  } else {
    const { cancelChanges } = await import('../../data-files/cancel-changes.js')
    yield* cancelChanges(plan, { ...watched, memoryBytes })
  }
}

/** Whether the log alone tells: where nothing came, or nothing went, no row can have moved. */
async function isOneSided(plan: ChangePlan): Promise<boolean> {
  const kinds = new Set<string>()
  for await (const { files } of plan.versions()) for (const { kind } of files) kinds.add(kind)
  return kinds.size <= 1 && !kinds.has('masked')
}

async function* withoutVersions(
  batches: AsyncIterable<RecordBatch>,
  schema: StructType,
): AsyncGenerator<RecordBatch, void, undefined> {
  const [{ batchOf }, { arrowSchema }] = await Promise.all([
    import('../../arrow/relabel-batch.js'),
    import('../../arrow/arrow-schema.js'),
  ])
  const arrow = arrowSchema({ type: 'struct', fields: [...schema.fields, CHANGE_TYPE] })
  for await (const { data, numRows } of batches) {
    yield batchOf(arrow, data.children.slice(0, 1 - CHANGE_COLUMNS.length) as never, numRows)
  }
}
