import type { RecordBatch } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { abortedError } from '../../runtime/aborted.js'
import { changeSchema } from '../../scan/change-columns.js'
import { selectColumns } from '../../scan/select-columns.js'
import { sameType } from '../../schema/same-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { OpenedChanges } from '../operation/opened-changes.js'
import { firstVersion } from './change-range.js'
import type { ChangesOptions } from './changes-options.js'

const POLL_INTERVAL = 1_000

/**
 * Changes from a version on, without an end: what is there, then what is committed. All batches have the columns of the newest version at the begin; when the columns of
 * the table change, the stream ends with an error.
 *
 * @throws MetadataChanged naming the version to begin anew with; what `changes` throws
 */
export async function followChanges(
  held: Snapshot,
  options: ChangesOptions,
  onVersion: ((version: number) => void) | undefined,
): Promise<OpenedChanges> {
  const { to, net, columns, signal, pollInterval = POLL_INTERVAL } = options
  if (to !== undefined)
    throw new DeltaError('InvalidArgument', 'What is followed has no end: leave out "to" or "follow".')
  if (net !== undefined) {
    throw new DeltaError(
      'InvalidArgument',
      'What is followed has no end, so there is no net change: leave out "net" or "follow".',
    )
  }
  if (!(pollInterval > 0)) {
    throw new DeltaError('InvalidArgument', `pollInterval must be a number of ms above 0, not ${pollInterval}.`)
  }
  const latest = await held.refresh(signal)
  const from = await firstVersion(latest, options.from, signal)
  return {
    schema: changeSchema(selectColumns(latest.schema, columns, undefined).schema),
    batches: follow(latest, from, { ...options, pollInterval }, onVersion),
  }
}

async function* follow(
  first: Snapshot,
  from: number,
  { columns, signal, observer, pollInterval }: ChangesOptions & { readonly pollInterval: number },
  onVersion: ((version: number) => void) | undefined,
): AsyncGenerator<RecordBatch, void, undefined> {
  const [{ planChanges }, { readChanges }] = await Promise.all([
    import('../../scan/plan-changes.js'),
    import('../../data-files/read-changes.js'),
  ])
  const { clock } = first.location.runtime
  let next = from
  for (let snapshot = first; ; snapshot = await snapshot.refresh(signal)) {
    if (snapshot.version >= next) {
      checkColumns(first, snapshot, next)
      const plan = await planChanges(snapshot, { from: next, columns, signal })
      yield* readChanges(plan, { signal, observer, onVersion })
      next = snapshot.version + 1
    }
    await clock.sleep(pollInterval, signal).catch(() => {
      throw abortedError(signal, 'Following changes')
    })
  }
}

function checkColumns(first: Snapshot, { schema, location, version }: Snapshot, next: number): void {
  if (sameType(first.schema, schema)) return
  throw new DeltaError(
    'MetadataChanged',
    `The columns of ${location.url} were changed between versions ${next} and ${version}. All changes before version ${next} were delivered: begin anew from there.`,
    { details: { table: location.url, from: next, latest: version } },
  )
}
