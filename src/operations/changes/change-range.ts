import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import { availableVersions } from '../../log/available-versions.js'
import { inCommitTimestamps } from '../../log/in-commit-timestamps.js'
import { readLogListing } from '../../log/log-listing.js'
import { versionAtTimestamp } from '../../log/version-at-timestamp.js'
import { openSnapshot } from '../../snapshot/open-snapshot.js'
import { instantOf } from '../../snapshot/resolve-version.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { VersionPoint } from '../operation/version-point.js'

/**
 * The first version of a range: the one named, or the first that was committed at or after an instant; what lies before the log begins at its first version.
 *
 * @param latest the newest version known: an instant after it means the version to come
 * @throws InvalidArgument
 */
export async function firstVersion(latest: Snapshot, from: VersionPoint, signal?: AbortSignal): Promise<number> {
  if (typeof from === 'number') {
    if (Number.isSafeInteger(from) && from >= 0) return from
    throw new DeltaError('InvalidArgument', `A table version is a whole number from 0 on, not ${from}.`)
  }
  const { location, protocol, metadata } = latest
  const instant = instantOf(from)
  try {
    return (await versionAtTimestamp(location, instant - 1, inCommitTimestamps(protocol, metadata), signal)) + 1
  } catch (error) {
    if (!isDeltaError(error, 'VersionNotFound')) throw error
    return availableVersions(await readLogListing(location, { signal }))?.earliest ?? 0
  }
}

/** The last version of a range: the one named, or the last that was committed at or before an instant. @throws VersionNotFound */
export async function lastVersion(
  held: Snapshot,
  to: VersionPoint | undefined,
  signal?: AbortSignal,
): Promise<Snapshot> {
  if (to === undefined || to === held.version) return held
  return openSnapshot(held.location, typeof to === 'number' ? { version: to } : { timestamp: to }, { signal })
}
