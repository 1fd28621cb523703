import { writeChecksumFile } from '../log/checksum/write-checksum-file.js'
import { inCommitTimestamps } from '../log/in-commit-timestamps.js'
import { isRemembered } from './is-remembered.js'
import { LogSnapshot } from './log-snapshot.js'
import type { Snapshot } from './snapshot.js'

/**
 * Writes the version checksum of a version (PROTOCOL.md, "Version Checksum File"). Where the totals of the version are known, which is so as long as commits were
 * followed one by one from a version whose totals were, nothing is read for it.
 *
 * @throws StorageUnavailable, StorageFull; the table is as good as before then
 */
export async function writeChecksum(
  snapshot: Snapshot,
  { txnId, signal }: { readonly txnId?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  if (!(snapshot instanceof LogSnapshot)) throw new TypeError('Only a snapshot that openSnapshot gave can be written.')
  const { location, version, timestamp, protocol, metadata } = snapshot
  const [{ numFiles, sizeInBytes }, { transactions, domains }] = await Promise.all([
    snapshot.totals(signal),
    snapshot.state(signal),
  ])
  const exact = inCommitTimestamps(protocol, metadata)
  await writeChecksumFile(
    location,
    {
      version,
      numFiles,
      sizeInBytes,
      protocol,
      metadata,
      transactions: [...transactions.values()].filter(isRemembered(metadata, location.runtime.clock.now())),
      domains: [...domains.values()].filter(({ removed }) => !removed),
      inCommitTimestamp: exact !== undefined && version >= exact.fromVersion ? timestamp : undefined,
    },
    { txnId, signal },
  )
}
