import { type LogListing, latestVersion } from './log-listing.js'

/** The versions that can still be opened, both ends included. */
export interface VersionRange {
  readonly earliest: number
  readonly latest: number
}

/**
 * The versions that a whole listing can rebuild: from commit 0 on or, where the early commits were cleaned up, from the oldest complete
 * checkpoint on. Undefined where there is neither.
 */
export function availableVersions(listing: LogListing): VersionRange | undefined {
  const earliest = listing.commits[0]?.version === 0 ? 0 : listing.checkpoints[0]?.version
  const latest = latestVersion(listing)
  return earliest === undefined || latest === undefined ? undefined : { earliest, latest }
}
