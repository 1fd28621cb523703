import type { RecordBatch } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { changeSchema } from '../../scan/change-columns.js'
import type { ChangePlan } from '../../scan/change-plan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { OpenedChanges } from '../operation/opened-changes.js'
import type { OperationOptions } from '../operation/operation-options.js'
import type { VersionPoint } from '../operation/version-point.js'
import { firstVersion, lastVersion } from './change-range.js'
import { followChanges } from './follow-changes.js'

export interface ChangesOptions extends Pick<OperationOptions, 'signal' | 'observer'> {
  /** The first version wanted, or an instant: then the first version committed at or after it. */
  readonly from: VersionPoint
  /** The last version wanted, or an instant: then the last version committed at or before it. Default: the version that the handle holds. */
  readonly to?: VersionPoint | undefined
  /** Columns of the table to deliver, in order. Default: all. */
  readonly columns?: readonly string[] | undefined
  /**
   * Columns that tell rows apart: all changes of a key are taken as one, from the row before the first version to the row after the last. What is again as it was is left
   * out. Default: none, every change is given.
   */
  readonly net?: readonly string[] | undefined
  /** Waits for new versions, and goes on until `signal` fires or the loop is left. Default: false. */
  readonly follow?: boolean | undefined
  /** How often a stream that follows looks for new versions, in ms. Default 1,000. */
  readonly pollInterval?: number | undefined
}

/**
 * What happened to the rows of a table over a range of versions, its ends included, as recorded in its change data feed. Versions come in order; a batch has rows of one version.
 *
 * @param onVersion called when all changes of a version were taken
 * @throws ChangeDataNotRecorded; SchemaMismatch; VersionNotFound where the range is not, or no longer, in the log; InvalidArgument; DataFileMissing
 */
export async function changes(
  held: Snapshot,
  options: ChangesOptions,
  onVersion?: (version: number) => void,
): Promise<OpenedChanges> {
  const { to, columns, follow, signal } = options
  if (follow) return followChanges(held, options, onVersion)
  const { planChanges } = await import('../../scan/plan-changes.js')
  const end = await lastVersion(held, to, signal)
  const from = await firstVersion(end, options.from, signal)
  if (from > end.version) throw beyond(held, from, end.version, options)
  const plan = await planChanges(end, { from, columns, signal })
  return {
    schema: changeSchema(plan.schema),
    batches: delivered(plan, options, onVersion),
  }
}

async function* delivered(
  plan: ChangePlan,
  { net, signal, observer }: ChangesOptions,
  onVersion: ((version: number) => void) | undefined,
): AsyncGenerator<RecordBatch, void, undefined> {
  const watched = { signal, observer, onVersion }
  if (net !== undefined) {
    const { netChanges } = await import('../../data-files/net-changes.js')
    yield* netChanges(plan, { ...watched, keys: net })
  } else {
    const { readChanges } = await import('../../data-files/read-changes.js')
    yield* readChanges(plan, watched)
  }
}

function beyond({ location }: Snapshot, from: number, last: number, { to }: ChangesOptions): DeltaError {
  const details = { table: location.url, from, latest: last }
  if (to !== undefined) {
    return new DeltaError(
      'InvalidArgument',
      `Changes are wanted from version ${from} on up to version ${last}, which is before it. Give a range that does not end before it begins.`,
      { details },
    )
  }
  return new DeltaError(
    'VersionNotFound',
    `Changes are wanted from version ${from} on, and ${location.url} is at version ${last} here. Refresh the table, or follow it to wait for what comes.`,
    { details },
  )
}
