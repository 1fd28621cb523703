import { isDeltaError } from '../../errors/delta-error.js'
import type { Action } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { commitWrite } from '../operation/commit-write.js'
import { commitOrDiscard } from '../operation/discard-files.js'
import type { Written } from '../operation/write-result.js'
import type { AlteredTable, AlterOptions, TableChange } from './table-change.js'

/** How often an alteration is worked out: anew where others altered the table at the same time, and once a step. */
const MAX_TRIES = 20

/**
 * Carries out an alteration. A version that changes nothing is not written.
 *
 * @throws what the change says; UnsupportedFeature where lakewright could not write to the table afterwards; errors of kind `conflict` where others kept being faster
 */
export async function alterTable(snapshot: Snapshot, change: TableChange, options: AlterOptions): Promise<Written> {
  let base = snapshot
  for (let tries = 1; ; tries++) {
    checkWritable(base.protocol, base.metadata)
    const altered = await change(base, options)
    const actions = actionsOf(altered)
    if (actions.length === 0) {
      return {
        result: { version: base.version, operation: altered.operation, metrics: {}, skipped: true },
        snapshot: base,
      }
    }
    checkWritable(altered.protocol ?? base.protocol, altered.metadata ?? base.metadata)
    try {
      const written = await commitAltered(base, altered, actions, options)
      if (!altered.isUnfinished) return written
      base = written.snapshot
    } catch (error) {
      if (!isDeltaError(error) || error.kind !== 'conflict' || tries >= MAX_TRIES) throw error
      base = await base.refresh(options.signal)
    }
  }
}

function actionsOf({ protocol, metadata, actions = [] }: AlteredTable): readonly Action[] {
  return [...(protocol ? [protocol] : []), ...(metadata ? [metadata] : []), ...actions]
}

function commitAltered(
  base: Snapshot,
  { operation, operationParameters, metrics = {}, written = [], read = {}, isolation, rowIdsKept }: AlteredTable,
  actions: readonly Action[],
  options: AlterOptions,
): Promise<Written> {
  const { userMetadata } = options
  return commitOrDiscard(base.location, written, () =>
    commitWrite(
      base,
      {
        operation,
        operationParameters,
        metrics,
        actions,
        read,
        ...(isolation && { isolation }),
        ...(rowIdsKept && { rowIdsKept }),
        ...(userMetadata !== undefined && { userMetadata }),
      },
      options,
    ),
  )
}
