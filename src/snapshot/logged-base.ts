import type { TableLocation } from '../storage/table-location.js'
import type { LogSnapshot, SnapshotReader } from './log-snapshot.js'
import type { SnapshotBase } from './snapshot-base.js'

/** A version that is read from the log should somebody ask for it. */
export function loggedBase(reader: SnapshotReader, location: TableLocation, version: number): SnapshotBase {
  let opened: Promise<LogSnapshot> | undefined
  const open = (signal?: AbortSignal): Promise<LogSnapshot> => {
    opened ??= reader.open(location, { version }, { signal }).catch((error: unknown) => {
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
