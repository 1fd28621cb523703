import { StateCollector, type TableState } from '../log/replay/table-state.js'
import { LiveFiles } from './files/live-files.js'

/** What a snapshot begins with before its newest commits are applied: a checkpoint, or nothing. Read when asked for, then kept. */
export interface SnapshotBase {
  state(signal?: AbortSignal): Promise<TableState>
  files(signal?: AbortSignal): Promise<LiveFiles>
}

/** Before version 0. */
export const emptyBase: SnapshotBase = {
  state: async () => new StateCollector(),
  files: async () => new LiveFiles([]),
}
