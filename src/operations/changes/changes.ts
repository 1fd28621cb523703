import type { RecordBatch } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { changeSchema } from '../../scan/change-columns.js'
import type { StructType } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { OperationOptions } from '../operation/operation-options.js'
import { firstVersion, lastVersion, type VersionPoint } from './change-range.js'
import { followChanges } from './follow-changes.js'

export interface ChangesOptions extends Pick<OperationOptions, 'signal' | 'observer'> {
  /** The first version wanted, or an instant: then the first version committed at or after it. */
  readonly from: VersionPoint
  /** The last version wanted, or an instant: then the last version committed at or before it. Default: the version that the handle holds. */
  readonly to?: VersionPoint | undefined
  /** Columns of the table to deliver, in order. Default: all. */
  readonly columns?: readonly string[] | undefined
  /** Waits for new versions, and goes on until `signal` fires or the loop is left. Default: false. */
  readonly follow?: boolean | undefined
  /** How often a stream that follows looks for new versions, in ms. Default 1,000. */
  readonly pollInterval?: number | undefined
}

/** Changes that are ready to be read, once. */
export interface OpenedChanges {
  /** The columns asked for, then `_change_type`, `_commit_version` and `_commit_timestamp`. */
  readonly schema: StructType
  readonly batches: AsyncGenerator<RecordBatch, void, undefined>
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
  const { to, columns, follow, signal, observer } = options
  if (follow) return followChanges(held, options, onVersion)
  const [{ planChanges }, { readChanges }] = await Promise.all([
    import('../../scan/plan-changes.js'),
    import('../../data-files/read-changes.js'),
  ])
  const end = await lastVersion(held, to, signal)
  const from = await firstVersion(end, options.from, signal)
  if (from > end.version) throw beyond(held, from, end.version, options)
  const plan = await planChanges(end, { from, columns, signal })
  return {
    schema: changeSchema(plan.schema),
    batches: readChanges(plan, { signal, observer, onVersion }),
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
