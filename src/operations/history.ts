import { DeltaError } from '../errors/delta-error.js'
import { type HistoryEntry as CommitEntry, readHistory } from '../log/read-history.js'
import type { JsonValue } from '../schema/data-type.js'
import type { TableLocation } from '../storage/table-location.js'
import type { OperationOptions } from './operation/operation-options.js'

export interface HistoryOptions extends OperationOptions {
  /** The newest so many commits only. */
  readonly limit?: number | undefined
}

/** One commit, with the names of Spark's DESCRIBE HISTORY. What the commit does not say is null. */
export interface HistoryEntry {
  readonly version: number
  readonly timestamp: Date
  readonly operation: string | null
  readonly operationParameters: { readonly [name: string]: JsonValue }
  readonly operationMetrics: { readonly [name: string]: JsonValue }
  readonly userMetadata: string | null
  readonly engineInfo: string | null
  readonly readVersion: number | null
  readonly isolationLevel: string | null
  readonly isBlindAppend: boolean | null
  readonly txnId: string | null
}

/**
 * The commits that are still in the log, the newest first. Needs no snapshot, so it works for tables whose features lakewright does not read.
 *
 * @param upTo the version to begin with; default: the newest
 * @throws TableNotFound, CorruptLog
 */
export async function history(
  location: TableLocation,
  options: HistoryOptions,
  upTo: number = Number.POSITIVE_INFINITY,
): Promise<HistoryEntry[]> {
  const { limit = Number.POSITIVE_INFINITY, signal } = options
  if (!(limit >= 0)) throw new DeltaError('InvalidArgument', `limit must be a whole number from 0 on, not ${limit}.`)
  const read = (count: number): Promise<CommitEntry[]> =>
    readHistory(location, { limit: count, ...(signal && { signal }) })
  const newest = await read(limit)
  const later = Math.max(0, (newest[0]?.version ?? 0) - upTo)
  const commits = later === 0 ? newest : await read(limit + later)
  return commits
    .filter(({ version }) => version <= upTo)
    .slice(0, limit)
    .map(entry)
}

function entry({ version, timestamp, commitInfo: info = { type: 'commitInfo' } }: CommitEntry): HistoryEntry {
  const { userMetadata } = info
  return {
    version,
    timestamp: new Date(timestamp),
    operation: info.operation ?? null,
    operationParameters: info.operationParameters ?? {},
    operationMetrics: info.operationMetrics ?? {},
    userMetadata: typeof userMetadata === 'string' ? userMetadata : null,
    engineInfo: info.engineInfo ?? null,
    readVersion: info.readVersion ?? null,
    isolationLevel: info.isolationLevel ?? null,
    isBlindAppend: info.isBlindAppend ?? null,
    txnId: info.txnId ?? null,
  }
}
