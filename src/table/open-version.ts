import { DeltaError } from '../errors/delta-error.js'
import { systemRuntime } from '../runtime/runtime.js'
import type { Snapshot, VersionSpec } from '../snapshot/snapshot.js'
import type { TableLocation } from '../storage/table-location.js'
import type { TableOptions, VersionOptions } from './table-options.js'

/** The place of a table, with the caller's storage options and observer. @throws InvalidUrl */
export async function locate(url: string, { storage, observer }: TableOptions): Promise<TableLocation> {
  const { openTableLocation } = await import('../storage/open-table-location.js')
  return openTableLocation(url, {
    ...(storage && { storage }),
    ...(observer && { runtime: { ...systemRuntime, observer } }),
  })
}

/** @throws TableNotFound; VersionNotFound naming the versions that exist; InvalidArgument where both are given */
export async function openVersion(
  location: TableLocation,
  wanted: VersionOptions,
  signal: AbortSignal | undefined,
): Promise<Snapshot> {
  const { openSnapshot } = await import('../snapshot/open-snapshot.js')
  return openSnapshot(location, versionSpec(wanted), signal === undefined ? {} : { signal })
}

/** Whether a version, or an instant, was asked for. */
export function isPinned({ version, timestamp }: VersionOptions): boolean {
  return version !== undefined || timestamp !== undefined
}

function versionSpec({ version, timestamp }: VersionOptions): VersionSpec {
  if (version !== undefined && timestamp !== undefined) {
    throw new DeltaError('InvalidArgument', 'Give either a version or a timestamp, not both.')
  }
  if (version !== undefined) return { version }
  return timestamp === undefined ? {} : { timestamp }
}
