import type { RecordBatch } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { defaultMemory } from '../../runtime/node/default-memory.js'
import { changeSchema } from '../../scan/change-columns.js'
import type { ChangePlan } from '../../scan/change-plan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { byteCount } from '../operation/byte-count.js'
import type { OpenedChanges } from '../operation/opened-changes.js'
import { firstVersion, lastVersion } from './change-range.js'
import type { ChangesOptions } from './changes-options.js'
import { followChanges } from './follow-changes.js'

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
  { net, memory, signal, observer }: ChangesOptions,
  onVersion: ((version: number) => void) | undefined,
): AsyncGenerator<RecordBatch, void, undefined> {
  const watched = { signal, observer, onVersion }
  if (net !== undefined) {
    const { netChanges } = await import('../../data-files/net-changes.js')
    const memoryBytes = memory === undefined ? defaultMemory() : byteCount('memory', memory)
    yield* netChanges(plan, { ...watched, keys: net, memoryBytes })
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
