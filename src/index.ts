/**
 * Delta Lake tables for TypeScript. Importing this is cheap: Parquet, Arrow, DuckDB and the AWS SDK are loaded when they are first used.
 *
 * @packageDocumentation
 */

export { MicrosecondDate } from './arrow/microsecond-date.js'
export type { Row, RowValue } from './arrow/row.js'
export type { FileFormat } from './engine/query-engine.js'
export { DeltaError, type DeltaErrorDetails, isDeltaError } from './errors/delta-error.js'
export type { ErrorCode, ErrorKind } from './errors/error-code.js'
export { type ColumnConditions, col, type Value } from './expressions/column-builder.js'
export type { Condition } from './expressions/condition.js'
export type { Literal, Predicate } from './expressions/predicate.js'
export { type SqlExpression, sql } from './expressions/sql-expression.js'
export type { AddColumnOptions } from './operations/alter/add-columns.js'
export type { TableDescription } from './operations/alter/describe-table.js'
export type { AlterOptions } from './operations/alter/table-change.js'
export type { UnsetOptions } from './operations/alter/unset-properties.js'
export type { AppendOptions } from './operations/append.js'
export type { ApplyChangesOptions } from './operations/apply-changes/apply-changes-options.js'
export type { ChangesOptions } from './operations/changes/changes-options.js'
export type { CheckpointResult } from './operations/checkpoint.js'
export type { DeleteOptions } from './operations/delete/delete-rows.js'
export type { TableDetail } from './operations/detail.js'
export type { DiffOptions } from './operations/diff/diff.js'
export type { ExplainOptions, Explanation } from './operations/explain.js'
export { exportArrow } from './operations/export-arrow.js'
export { exportParquet } from './operations/export-parquet.js'
export type { HistoryEntry, HistoryOptions } from './operations/history.js'
export type { ListFilesOptions, TableFile, TableFiles } from './operations/list-files.js'
export { type FileSource, type FileSourceOptions, files } from './operations/operation/file-source.js'
export {
  type InferredSchema,
  type InferSchemaOptions,
  inferFileSchema,
} from './operations/operation/infer-file-schema.js'
export type { OperationOptions } from './operations/operation/operation-options.js'
export type { RowChangeOptions } from './operations/operation/row-change/row-change-options.js'
export type { RowChangePlan, RowChangeResult } from './operations/operation/row-change/row-change-plan.js'
export type { SetValues } from './operations/operation/row-change/set-values.js'
export type { ArrowInput, RowsInput } from './operations/operation/rows-input.js'
export type { SchemaContractOptions } from './operations/operation/schema-contract.js'
export type { SchemaInput } from './operations/operation/schema-input.js'
export type { VersionPoint } from './operations/operation/version-point.js'
export type { Where } from './operations/operation/where.js'
export type { WriteResult } from './operations/operation/write-result.js'
export type { OptimizeOptions } from './operations/optimize/optimize.js'
export type { OverwriteOptions } from './operations/overwrite/overwrite-options.js'
export type { PurgeOptions } from './operations/purge/purge.js'
export type { RestoreOptions } from './operations/restore/restore.js'
export type { ScanOptions } from './operations/scan.js'
export type { UpdateOptions } from './operations/update/update-rows.js'
export type { Metadata, Protocol } from './protocol/actions/action.js'
export type { CompatibilityReport } from './protocol/features/reader-compatibility.js'
export type { SchemaContract } from './protocol/properties/table-properties.js'
export type { ObservedEvent, Observer } from './runtime/observer.js'
export { VERSION } from './runtime/version.js'
export type { ChangeType } from './scan/change-columns.js'
export type { ScanCounts } from './scan/scan-plan.js'
export type { Column, ColumnShape, RowOf, StructColumn } from './schema/column.js'
export type { IdentityOptions } from './schema/column-rules.js'
export type { DataType, JsonValue, StructField, StructType } from './schema/data-type.js'
export type { ColumnPosition } from './schema/evolve/column-position.js'
export {
  array,
  binary,
  boolean,
  byte,
  date,
  decimal,
  double,
  float,
  integer,
  long,
  map,
  short,
  string,
  struct,
  timestamp,
  timestampNtz,
  variant,
} from './schema/schema-builder.js'
export { schemaToJson } from './schema/schema-json.js'
export { parseSchemaText } from './schema/schema-text.js'
export { schemaText, typeText } from './schema/type-text.js'
export type { RowFrom } from './schema/typed/row-from.js'
export { schemaFrom } from './schema/typed/schema-from.js'
export type { OutputOf, StandardSchema } from './schema/typed/standard-schema.js'
export type { LocalOptions, S3Options, StorageOptions } from './storage/storage-options.js'
export type { ChangeStream } from './table/change-stream.js'
export {
  type CreateOptions,
  DeltaTable,
  type OpenOptions,
  type ReadRowsOptions,
} from './table/delta-table.js'
export { Lake, type LakeOptions, LakeResult, type QueryLakeOptions } from './table/lake.js'
export type { AllColumnsOptions, ClauseCondition, MergeBuilder, SetOf } from './table/merge-builder.js'
export type { MergeInput, MergeOptions } from './table/merge-input.js'
export type { RowOptions } from './table/stream-rows.js'
export type { TableAlterations } from './table/table-alterations.js'
export type { TableOptions, VersionOptions } from './table/table-options.js'
export type { TableWriter } from './table/table-writer.js'
export type { WriterOptions } from './table/writer-options.js'
export type { TransactionId } from './transaction/transaction.js'
