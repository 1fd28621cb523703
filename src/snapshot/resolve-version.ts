import { DeltaError } from '../errors/delta-error.js'
import { inCommitTimestamps } from '../log/in-commit-timestamps.js'
import { versionAtTimestamp } from '../log/version-at-timestamp.js'
import { parseTimestamp } from '../schema/timestamp-text.js'
import type { TableLocation } from '../storage/table-location.js'
import type { Snapshot, VersionSpec } from './snapshot.js'

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/
const WITH_ZONE = /(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i

/**
 * The number of the version asked for; undefined for the latest.
 * @param openLatest opens the latest version: it says how commits tell their time
 */
export async function resolveVersion(
  location: TableLocation,
  spec: VersionSpec,
  openLatest: () => Promise<Snapshot>,
  signal?: AbortSignal,
): Promise<number | undefined> {
  if ('version' in spec && 'timestamp' in spec) {
    throw new DeltaError('InvalidArgument', 'Ask for a version or for a timestamp, not for both.')
  }
  if ('version' in spec) return spec.version as number
  if (!('timestamp' in spec)) return undefined
  const instant = instantOf(spec.timestamp as string | Date)
  const { protocol, metadata } = await openLatest()
  return versionAtTimestamp(location, instant, inCommitTimestamps(protocol, metadata), signal)
}

/** Milliseconds since the epoch. InvalidArgument for what is no timestamp; a text without a time zone would mean another instant on every machine: only a plain date may go without. */
export function instantOf(timestamp: string | Date): number {
  if (timestamp instanceof Date && !Number.isNaN(timestamp.getTime())) return timestamp.getTime()
  const text = String(timestamp).trim()
  const micros = parseTimestamp(text)
  if (micros === undefined) {
    throw new DeltaError(
      'InvalidArgument',
      `"${text}" is not a timestamp. Write it as in ISO 8601: 2026-01-31T12:00:00Z.`,
    )
  }
  if (!DATE_ONLY.test(text) && !WITH_ZONE.test(text)) {
    throw new DeltaError(
      'InvalidArgument',
      `The timestamp "${text}" has no time zone. Add one: ${text}Z for UTC, or an offset such as +02:00.`,
    )
  }
  return Number(micros / 1000n)
}
