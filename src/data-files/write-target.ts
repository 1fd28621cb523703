import type { StructType } from '../schema/data-type.js'

/** Bytes of a data file, where neither the caller nor the table says. */
export const DEFAULT_FILE_SIZE: number = 128 * 2 ** 20

/** What data files of a table look like: taken from its metadata and the caller's options. */
export interface WriteTarget {
  /** Logical schema of the table, with column mapping metadata in the fields. */
  readonly schema: StructType
  /** Logical names. */
  readonly partitionColumns: readonly string[]
  /** Table properties (`delta.columnMapping.mode`, `delta.dataSkippingNumIndexedCols`, ...). */
  readonly configuration: { readonly [key: string]: string }
  /** Whether files hold the partition columns too, behind all others. */
  readonly materializePartitions?: boolean
  /** Bytes; default {@link DEFAULT_FILE_SIZE}. */
  readonly targetFileSize?: number
  /** Rows of a row group; default 1,048,576. */
  readonly rowGroupRows?: number
  /** Default `snappy`. */
  readonly compression?: 'snappy' | 'zstd' | 'uncompressed'
}

/** A finished Parquet file on local disk (physical column names, no partition columns inside), not yet part of the table. */
export interface WrittenFile {
  readonly localPath: string
  readonly size: number
  readonly numRows: number
  /** Serialised, by logical column name. */
  readonly partitionValues: { readonly [column: string]: string | null }
}
