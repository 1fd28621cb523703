import type { QueryEngine } from '../../../engine/query-engine.js'
import type { RowChangeText, SourceRows } from '../../../engine/row-change.js'
import { isDeltaError } from '../../../errors/delta-error.js'
import type { ErrorCode } from '../../../errors/error-code.js'
import type { Predicate } from '../../../expressions/predicate.js'
import type { Action, Metadata } from '../../../protocol/actions/action.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import type { EngineHandle } from '../engine-handle.js'
import type { WriteResult } from '../write-result.js'
import { attemptChange } from './attempt-change.js'
import { checkRowsMayChange } from './check-rows-may-change.js'
import type { RowChangeFacts } from './row-change-facts.js'
import type { RowChangeOptions } from './row-change-options.js'
import type { RowChangeResult } from './row-change-plan.js'

/** One change of rows, as it is meant for one version of the table. */
export interface PreparedChange {
  readonly text: RowChangeText
  /** What rows of the table must fulfil to be changed, as far as that is known; absent: they may be any. */
  readonly predicate?: Predicate
  readonly source?: SourceRows
  /** The table's metadata after the change, where its schema has to make room. */
  readonly metadata?: Metadata
  readonly operationParameters: { readonly [name: string]: string }
  /** What else the commit says; it is committed even where no row changes. */
  readonly actions?: readonly Action[]
}

/** A kind of change: what delete, update and merge differ in. */
export interface RowChangeKind {
  readonly operation: 'DELETE' | 'UPDATE' | 'MERGE'
  /** Worked out anew for each version that the change is tried on. */
  prepare(snapshot: Snapshot, engine: QueryEngine): Promise<PreparedChange>
  metrics(facts: RowChangeFacts): { readonly [name: string]: number }
}

/** The outcome of a change, and the table as it stands after it. */
export interface ChangedRows {
  readonly result: RowChangeResult
  readonly snapshot: Snapshot
}

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
    checkRowsMayChange(base)
    const seen = await seenBefore(base, kind.operation, options)
    if (seen !== undefined) return { result: seen, snapshot: base }
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

async function seenBefore(
  snapshot: Snapshot,
  operation: string,
  { txn, signal }: RowChangeOptions,
): Promise<WriteResult | undefined> {
  if (txn === undefined) return undefined
  const seen = (await snapshot.transactionVersion(txn.appId, signal)) ?? -1
  return seen >= txn.version ? { version: snapshot.version, operation, metrics: {}, skipped: true } : undefined
}
