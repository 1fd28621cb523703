import type { RecordBatch, Schema } from 'apache-arrow'
import type { RowSet } from '../protocol/deletion-vector/row-set.js'
import type { ParquetLeaf } from './parquet-leaf.js'
import type { ColumnSelection } from './parquet-schema.js'

/** One leaf column in one row group, as the footer has it. */
export interface ColumnChunkStatistics {
  readonly leaf: ParquetLeaf
  readonly numValues: number
  readonly nullCount?: number
  /** Parquet's plain encoding; `statisticScalar` gives it a meaning. A lower bound, not always a value that is there. */
  readonly min?: Uint8Array
  /** Likewise an upper bound. Of floats it does not count NaN. */
  readonly max?: Uint8Array
  /** Bytes as stored. */
  readonly compressedSize: number
}

export interface RowGroup {
  readonly numRows: number
  /** Position of its first row in the file. */
  readonly firstRow: number
  readonly columns: readonly ColumnChunkStatistics[]
}

export interface ParquetReadOptions {
  /**
   * Top-level columns by their names as stored, or fields of structs by their paths; all when left out. What the file lacks is left out. The batches
   * have the columns in the order of the file. An empty list yields batches that only count rows.
   */
  readonly columns?: readonly ColumnSelection[]
  /** Indexes of the row groups to read; all when left out. */
  readonly rowGroups?: readonly number[]
  /** Rows of the file that are left out. */
  readonly hidden?: RowSet | undefined
  readonly signal?: AbortSignal
}

/** An opened Parquet file: the footer is parsed, column chunks are fetched when asked for. */
export interface ParquetFile {
  readonly numRows: number
  readonly rowGroups: readonly RowGroup[]
  /** Key-value metadata of the footer. */
  readonly metadata: ReadonlyMap<string, string>
  /** The Arrow schema that the file reads with, `PARQUET:field_id` in the fields' metadata. INT96 reads as microseconds in UTC. */
  readonly schema: Schema
  /** Batches in file order, one or more a row group. CorruptData with the file's name if the bytes do not decode. */
  read(options?: ParquetReadOptions): AsyncGenerator<RecordBatch, void, undefined>
}
