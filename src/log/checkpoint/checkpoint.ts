import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import type { TableState } from '../replay/table-state.js'
import type { CheckpointPart } from './checkpoint-part.js'

/** A checkpoint of any form, opened. Its file actions are read when asked for. */
export interface Checkpoint {
  readonly state: TableState
  /** The Parquet files that have file actions. */
  readonly parts: readonly CheckpointPart[]
  /** File actions of a top level that is JSON. */
  readonly adds: readonly AddFile[]
  readonly removes: readonly RemoveFile[]
}
