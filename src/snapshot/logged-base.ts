import type { TableLocation } from '../storage/table-location.js'
import type { LogSnapshot } from './log-snapshot.js'
import { openSnapshot } from './open-snapshot.js'
import type { SnapshotBase } from './snapshot-base.js'

/** A version that is read from the log should somebody ask for it. */
export function loggedBase(location: TableLocation, version: number): SnapshotBase {
  let opened: Promise<LogSnapshot> | undefined
  const open = (signal?: AbortSignal): Promise<LogSnapshot> => {
    opened ??= openSnapshot(location, { version }, { signal })
      .then((snapshot) => snapshot as LogSnapshot)
      .catch((error: unknown) => {
        opened = undefined
        throw error
      })
    return opened
  }
  return {
    state: async (signal) => (await open(signal)).state(signal),
    files: async (signal) => (await open(signal)).files(signal) as never,
  }
}
