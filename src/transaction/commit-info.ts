import type { CommitInfo } from '../protocol/actions/action.js'
import { hasFeature } from '../protocol/features/protocol-features.js'
import { VERSION } from '../runtime/version.js'
import type { JsonValue } from '../schema/data-type.js'
import { stringifyJson } from '../schema/lossless-json.js'
import { fileActions } from './file-actions.js'
import type { PendingCommit } from './pending-commit.js'
import type { PreparedCommit } from './transaction.js'

/** What differs from try to try. */
interface Attempt {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Where the table has in-commit timestamps. */
  readonly inCommitTimestamp: number | undefined
}

/**
 * The commitInfo of a commit (PROTOCOL.md, "Commit Provenance Information"), with Spark's names. Parameters and metrics are text there, so
 * that is what they are here: other values become JSON text.
 * @param txnId tells a commit of ours from another's after a lost reply; the same for every try of one commit.
 */
export function commitInfo(
  pending: Pick<PendingCommit, 'isolation' | 'isBlindAppend'>,
  prepared: PreparedCommit,
  readVersion: number | undefined,
  txnId: string,
  { now, inCommitTimestamp }: Attempt,
): CommitInfo {
  return {
    type: 'commitInfo',
    ...(inCommitTimestamp === undefined ? {} : { inCommitTimestamp }),
    timestamp: now,
    operation: prepared.operation,
    operationParameters: textValues(prepared.operationParameters),
    ...(readVersion === undefined ? {} : { readVersion }),
    isolationLevel: pending.isolation,
    isBlindAppend: pending.isBlindAppend,
    operationMetrics: textValues(prepared.operationMetrics),
    engineInfo: `lakewright/${VERSION}`,
    txnId,
    ...(prepared.userMetadata === undefined ? {} : { userMetadata: prepared.userMetadata }),
  }
}

function textValues(values: { readonly [name: string]: JsonValue }): { readonly [name: string]: string } {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : stringifyJson(value)]),
  )
}

/**
 * The tags that a commit to a table with row tracking bears: whether all rows that were updated or copied kept their ids (PROTOCOL.md, "Writer
 * Requirements for Row Tracking"). Rows that are only added, or whose files only got other deletion vectors, have nothing to lose.
 */
export function rowTrackingTags(
  protocol: Parameters<typeof hasFeature>[0],
  actions: PreparedCommit['actions'],
  rowIdsKept = false,
): { readonly tags?: { readonly [key: string]: string } } {
  if (!hasFeature(protocol, 'rowTracking')) return {}
  const files = fileActions(actions)
  const added = new Set(files.filter(({ type }) => type === 'add').map(({ path }) => path))
  const removed = files.filter(({ type, path }) => type === 'remove' && !added.has(path))
  const preserved = rowIdsKept || removed.length === 0 || removed.length === files.length
  return { tags: { 'delta.rowTracking.preserved': String(preserved) } }
}
