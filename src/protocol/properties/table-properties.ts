import { parseByteSize } from './byte-size.js'
import {
  booleanProperty,
  integerProperty,
  intervalProperty,
  type TableProperty,
  textProperty,
  wordProperty,
} from './table-property.js'

/** No data may be changed or removed (PROTOCOL.md, "Append-only Tables"). */
export const APPEND_ONLY: TableProperty<boolean> = booleanProperty('delta.appendOnly')

/** How columns find their data (PROTOCOL.md, "Column Mapping"). */
export const COLUMN_MAPPING_MODE: TableProperty<'none' | 'name' | 'id'> = wordProperty(
  'delta.columnMapping.mode',
  ['none', 'name', 'id'],
  'none',
)

/** The greatest id given to a column so far (PROTOCOL.md, "Column Mapping"). */
export const COLUMN_MAPPING_MAX_COLUMN_ID: TableProperty<number> = integerProperty(
  'delta.columnMapping.maxColumnId',
  0,
  0,
)

/** A checkpoint is written every so many commits. */
export const CHECKPOINT_INTERVAL: TableProperty<number> = integerProperty('delta.checkpointInterval', 10, 1)

/** Below this version the log goes all at once or not at all (checkpoint protection). */
export const CHECKPOINT_PROTECTION_VERSION: TableProperty<number | undefined> = integerProperty(
  'delta.requireCheckpointProtectionBeforeVersion',
  undefined,
  0,
)

/** Which checkpoints writers write (PROTOCOL.md, "V2 Checkpoint Table Feature"). */
export const CHECKPOINT_POLICY: TableProperty<'classic' | 'v2'> = wordProperty(
  'delta.checkpointPolicy',
  ['classic', 'v2'],
  'classic',
)

/** Whether checkpoints hold statistics as JSON text. */
export const CHECKPOINT_WRITE_STATS_AS_JSON: TableProperty<boolean> = booleanProperty(
  'delta.checkpoint.writeStatsAsJson',
  true,
)

/** Whether checkpoints hold statistics as Parquet columns. */
export const CHECKPOINT_WRITE_STATS_AS_STRUCT: TableProperty<boolean> = booleanProperty(
  'delta.checkpoint.writeStatsAsStruct',
  false,
)

/** Statistics are kept of so many columns, counted from the left; -1: of all. */
export const DATA_SKIPPING_NUM_INDEXED_COLS: TableProperty<number> = integerProperty(
  'delta.dataSkippingNumIndexedCols',
  32,
  -1,
)

/** Names the columns that statistics are kept of, and then only those: separated by commas, in backticks where they need it. */
export const DATA_SKIPPING_STATS_COLUMNS: TableProperty<string | undefined> = textProperty(
  'delta.dataSkippingStatsColumns',
)

/** How long commits are kept, in ms. */
export const LOG_RETENTION_DURATION: TableProperty<number> = intervalProperty(
  'delta.logRetentionDuration',
  'interval 30 days',
)

/** Whether old commits are cleaned up. */
export const ENABLE_EXPIRED_LOG_CLEANUP: TableProperty<boolean> = booleanProperty('delta.enableExpiredLogCleanup', true)

/**
 * After which commits a version checksum is written (PROTOCOL.md, "Version Checksum File"): those that get a checkpoint, all, or none. One for each commit costs a
 * request, and lets every version be opened without its checkpoint.
 */
export const WRITE_CHECKSUMS: TableProperty<'checkpoints' | 'commits' | 'never'> = wordProperty(
  'lakewright.writeChecksums',
  ['checkpoints', 'commits', 'never'],
  'checkpoints',
)

/** A log compaction file is written for every so many commits (PROTOCOL.md, "Log Compaction Files"); 0: none. */
export const LOG_COMPACTION_INTERVAL: TableProperty<number> = integerProperty('lakewright.logCompactionInterval', 0, 0)

/** Whether writes merge small files of the partitions that they touch; `auto` and `legacy`, which other writers know, count as true. */
export const AUTO_COMPACT: TableProperty<boolean> = {
  key: 'delta.autoOptimize.autoCompact',
  defaultValue: false,
  expected: 'true, false, auto or legacy',
  parse: (text) => {
    const word = text.trim().toLowerCase()
    if (word === 'false') return false
    return ['true', 'auto', 'legacy'].includes(word) ? true : undefined
  },
}

/** How long removed files are kept for older versions, in ms. */
export const DELETED_FILE_RETENTION_DURATION: TableProperty<number> = intervalProperty(
  'delta.deletedFileRetentionDuration',
  'interval 1 week',
)

/** How long transaction identifiers are kept, in ms; undefined: for ever. */
export const SET_TRANSACTION_RETENTION_DURATION: TableProperty<number | undefined> = intervalProperty(
  'delta.setTransactionRetentionDuration',
  undefined,
)

/** What concurrent changes a commit may overlook. */
export const ISOLATION_LEVEL: TableProperty<'Serializable' | 'WriteSerializable'> = wordProperty(
  'delta.isolationLevel',
  ['Serializable', 'WriteSerializable'],
  'WriteSerializable',
)

/** PROTOCOL.md, "In-Commit Timestamps". */
export const ENABLE_IN_COMMIT_TIMESTAMPS: TableProperty<boolean> = booleanProperty('delta.enableInCommitTimestamps')
export const IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION: TableProperty<number | undefined> = integerProperty(
  'delta.inCommitTimestampEnablementVersion',
  undefined,
  0,
)
export const IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP: TableProperty<number | undefined> = integerProperty(
  'delta.inCommitTimestampEnablementTimestamp',
  undefined,
  0,
)

/** PROTOCOL.md, "Row Tracking". */
export const ENABLE_ROW_TRACKING: TableProperty<boolean> = booleanProperty('delta.enableRowTracking')
export const ROW_TRACKING_SUSPENDED: TableProperty<boolean> = booleanProperty('delta.rowTrackingSuspended')
export const ROW_ID_COLUMN_NAME: TableProperty<string | undefined> = textProperty(
  'delta.rowTracking.materializedRowIdColumnName',
)
export const ROW_COMMIT_VERSION_COLUMN_NAME: TableProperty<string | undefined> = textProperty(
  'delta.rowTracking.materializedRowCommitVersionColumnName',
)

/** Whether new deletion vectors may be written (PROTOCOL.md, "Deletion Vectors"). */
export const ENABLE_DELETION_VECTORS: TableProperty<boolean> = booleanProperty('delta.enableDeletionVectors')

/** Whether row changes are recorded for readers of changes (PROTOCOL.md, "Add CDC File"). */
export const ENABLE_CHANGE_DATA_FEED: TableProperty<boolean> = booleanProperty('delta.enableChangeDataFeed')

/** PROTOCOL.md, "Type Widening". */
export const ENABLE_TYPE_WIDENING: TableProperty<boolean> = booleanProperty('delta.enableTypeWidening')

/** Asks for the feature `materializePartitionColumns`. */
export const ENABLE_MATERIALIZE_PARTITION_COLUMNS: TableProperty<boolean> = booleanProperty(
  'delta.enableMaterializePartitionColumnsFeature',
)

/** Whether data files should hold the partition columns too, behind all others; where the protocol lists `materializePartitionColumns` they must. */
export const WRITE_PARTITION_COLUMNS_TO_PARQUET: TableProperty<boolean> = booleanProperty(
  'delta.writePartitionColumnsToParquet',
)

/** What a write does with data that does not fit the schema. A property of lakewright, which other engines do not heed. */
export const SCHEMA_CONTRACT: TableProperty<SchemaContract> = wordProperty(
  'lakewright.schemaContract',
  ['evolve', 'freeze', 'discard_row', 'discard_value'],
  'freeze',
)

/**
 * What a write does with data that does not fit the schema of its table: `evolve` adds what is missing to the schema, `freeze` refuses the write, `discard_row` leaves out rows that do not fit,
 * `discard_value` the values alone.
 */
export type SchemaContract = 'evolve' | 'freeze' | 'discard_row' | 'discard_value'

/** The size that data files should have, in bytes; undefined: the writer's own default. */
export const TARGET_FILE_SIZE: TableProperty<number | undefined> = {
  key: 'delta.targetFileSize',
  defaultValue: undefined,
  expected: "a number of bytes such as 104857600 or '100mb'",
  parse: parseByteSize,
}

/** The codec of new Parquet files; undefined: the writer's own default. */
export const PARQUET_COMPRESSION_CODEC: TableProperty<ParquetCodec | undefined> = wordProperty<ParquetCodec, undefined>(
  'delta.parquet.compression.codec',
  ['uncompressed', 'none', 'snappy', 'gzip', 'lz4', 'lz4_raw', 'zstd'],
  undefined,
)

type ParquetCodec = 'uncompressed' | 'none' | 'snappy' | 'gzip' | 'lz4' | 'lz4_raw' | 'zstd'
