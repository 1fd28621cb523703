import type { RecordBatch, Schema } from 'apache-arrow'

/** Random access to the bytes of one file. */
export interface ByteSource {
  /** Names the file in errors. */
  readonly name: string
  readonly size: number
  /** Bytes `start` (inclusive) to `end` (exclusive). */
  read(start: number, end: number): Promise<Uint8Array>
}

/** Statistics of one leaf column in one row group, in Parquet's physical values, as the footer has them. */
export interface ColumnChunkStatistics {
  /** Path of the leaf in the Parquet schema. */
  readonly path: readonly string[]
  readonly numValues: number
  readonly nullCount?: number
  readonly min?: unknown
  readonly max?: unknown
  readonly compressedSize: number
}

export interface RowGroup {
  readonly numRows: number
  /** Position of its first row in the file. */
  readonly firstRow: number
  readonly columns: readonly ColumnChunkStatistics[]
}

/** An opened Parquet file: the footer is parsed, column chunks are fetched when asked for. */
export interface ParquetFile {
  readonly numRows: number
  readonly rowGroups: readonly RowGroup[]
  /** Key-value metadata of the footer. */
  readonly metadata: ReadonlyMap<string, string>
  /** The Arrow schema of the file as it is stored, with `PARQUET:field_id` in the fields' metadata. */
  readonly schema: Schema
  /**
   * Batches in file order, one or more a row group. CorruptData with the file's name if the bytes do not decode.
   * @param columns top-level column names as stored; all when left out. An empty list yields batches that only count rows.
   * @param rowGroups indexes of the row groups to read; all when left out.
   */
  read(options?: {
    readonly columns?: readonly string[]
    readonly rowGroups?: readonly number[]
    readonly signal?: AbortSignal
  }): AsyncIterable<RecordBatch>
}
