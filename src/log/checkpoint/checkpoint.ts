import type { RecordBatch } from 'apache-arrow'
import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import type { TableState } from '../replay/table-state.js'

/** File actions of one Parquet file of a checkpoint. */
export interface CheckpointPart {
  /** Names the file in errors. */
  readonly name: string
  /** The `add` column without its statistics, a batch a row group; rows of other actions are null in it. */
  adds(signal?: AbortSignal): AsyncIterable<RecordBatch>
  /** The column `add.stats` of the same rows, in the same batches. */
  statistics(signal?: AbortSignal): AsyncIterable<RecordBatch>
  removes(signal?: AbortSignal): AsyncIterable<RemoveFile>
}

/** A checkpoint of any form, opened. Every file of it is read when asked for. */
export interface Checkpoint {
  /** Protocol, metadata, transactions and domains. */
  state(signal?: AbortSignal): Promise<TableState>
  /** The Parquet files that have file actions. */
  readonly parts: readonly CheckpointPart[]
  /** File actions of a top level that is JSON. */
  readonly adds: readonly AddFile[]
  readonly removes: readonly RemoveFile[]
}
