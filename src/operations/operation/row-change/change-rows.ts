import { isDeltaError } from '../../../errors/delta-error.js'
import type { ErrorCode } from '../../../errors/error-code.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { committedBefore } from '../committed-before.js'
import type { EngineHandle } from '../engine-handle.js'
import { attemptChange } from './attempt-change.js'
import { checkRowsMayChange } from './check-rows-may-change.js'
import type { ChangedRows, RowChangeKind } from './row-change-kind.js'
import type { RowChangeOptions } from './row-change-options.js'

/** How often a change is worked out anew because others changed the same rows. */
const MAX_ATTEMPTS = 10

/** What another writer may have done to what was read: reading it again helps. */
const REPEATABLE: readonly ErrorCode[] = [
  'ConcurrentAppend',
  'ConcurrentDeleteRead',
  'ConcurrentDeleteDelete',
  'ConcurrentModification',
  'MetadataChanged',
]

/**
 * Changes rows of a table in one commit: rows go by deletion vectors, or with their files, whichever costs less; new rows go into new files. Where another writer changed the
 * same rows meanwhile, it is worked out anew on the version that won.
 *
 * @throws UnsupportedFeature, AppendOnlyTable, InvalidPredicate, UnknownColumn, SchemaMismatch, ConstraintViolated; after ten attempts the conflict of the last. Nothing is
 * committed then.
 */
export async function changeRows(
  snapshot: Snapshot,
  kind: RowChangeKind,
  handle: EngineHandle,
  options: RowChangeOptions,
): Promise<ChangedRows> {
  let base = snapshot
  for (let attempt = 1; ; attempt++) {
    checkRowsMayChange(base, kind.insertsOnly === true)
    if (await committedBefore(base, options.txn, options.signal)) {
      const { version } = base
      return { result: { version, operation: kind.operation, metrics: {}, skipped: true }, snapshot: base }
    }
    const engine = await handle.open()
    try {
      return await attemptChange(base, kind, engine, options)
    } catch (error) {
      const again = REPEATABLE.some((code) => isDeltaError(error, code)) && attempt < MAX_ATTEMPTS
      if (!again) throw error
      base = await base.refresh(options.signal)
    }
  }
}
