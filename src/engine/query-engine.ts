import type { RecordBatch, Schema } from 'apache-arrow'
import type { WriteTarget, WrittenFile } from '../data-files/write-target.js'
import type { Predicate } from '../expressions/predicate.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { RowRules } from '../protocol/rules/row-rules.js'
import type { Observer } from '../runtime/observer.js'
import type { ScanPlan } from '../scan/scan-plan.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot, VersionSpec } from '../snapshot/snapshot.js'
import type { TableLocation } from '../storage/table-location.js'
import type { AppliedRules } from './applied-rules.js'
import type {
  ParsedRowChange,
  RowChange,
  RowChangeRequest,
  RowChangeText,
  RowRelations,
  SourceRows,
} from './row-change.js'
import type { RuleEvaluator } from './rule-evaluator.js'

export interface EngineOptions {
  /** Bytes that the engine may hold before it spills to disk. */
  readonly memoryBytes?: number
  /** Where it spills and where sparse copies of remote files lie. Default: a fresh folder under the system's temporary folder, removed at close. */
  readonly tempDirectory?: string
  /** Bytes of remote files kept on local disk between queries; the least recently used go first. Default 4 GiB. */
  readonly cacheBytes?: number
  /** Threads. Default: one a core. */
  readonly threads?: number
  /** Whose files will be read: on a local disk, each folder that is not foreseen costs some milliseconds. */
  readonly table?: TableLocation
  /** Whether nothing else will be read: what reads the table is made ready at once then. */
  readonly readsTableAlone?: boolean
}

export interface QueryOptions {
  readonly signal?: AbortSignal
  readonly observer?: Observer
  /** Opens a table that SQL names by URL, as `delta_scan('URL', version => 3)` does. Without it such SQL is refused. */
  readonly resolveTable?: (url: string, version: VersionSpec, signal?: AbortSignal) => Promise<Snapshot>
}

/** Answer of a query as a stream; it must be read to its end, or closed with `return()`. */
export interface QueryResult {
  readonly schema: Schema
  batches(): AsyncIterable<RecordBatch>
}

export interface LoadOptions extends QueryOptions {
  readonly rules?: AppliedRules
  /** Leaves out what does not fit, in place of an error. */
  readonly discard?: DiscardMisfits
}

/** What is left out of rows that do not fit, and who is told how much that was. */
export interface DiscardMisfits {
  readonly what: 'row' | 'value'
  count(rows: number, values: number): void
}

export type FileFormat = 'csv' | 'ndjson' | 'parquet' | 'arrow'

/** The SQL path: DuckDB behind a seam. It never sees a log or an object store, only ScanPlans and local files. */
export interface QueryEngine {
  /** SQL over snapshots, each under the name given. Files and columns that the query cannot need are not opened. */
  query(sql: string, tables: { readonly [name: string]: Snapshot }, options?: QueryOptions): Promise<QueryResult>
  /** The rows of a plan that match its predicate, in the plan's schema. */
  scan(plan: ScanPlan, options?: QueryOptions): Promise<QueryResult>
  /** Parses a SQL condition over a schema. What has no form in {@link Predicate} becomes `opaque`. InvalidPredicate if it does not parse or is not boolean, UnknownColumn with the nearest name. */
  parsePredicate(sql: string, schema: StructType): Promise<Predicate>
  /** The schema that files of a format have, for `create` from files. */
  inferSchema(files: readonly string[], format: FileFormat, options?: QueryOptions): Promise<StructType>
  /**
   * Converts local files into Parquet files of a table, cast to its schema without loss: SchemaMismatch or InvalidInput (with the line of a bad CSV row) and nothing is kept
   * otherwise. One row group at most `rowGroupRows` rows; a new file after `targetFileSize` bytes; one set of files a partition.
   */
  loadFiles(
    files: readonly string[],
    format: FileFormat,
    target: WriteTarget,
    options?: LoadOptions,
  ): Promise<WrittenFile[]>
  /** Rewrites the live rows of some files of a snapshot into fewer (optimize), in order. */
  rewriteFiles(
    snapshot: Snapshot,
    files: readonly AddFile[],
    target: WriteTarget,
    options?: QueryOptions,
  ): Promise<WrittenFile[]>
  /** Reads the SQL of a change. InvalidPredicate, InvalidArgument, UnknownColumn, AmbiguousColumn. */
  parseRowChange(change: RowChangeText): Promise<ParsedRowChange>
  /**
   * Keeps batches on local disk, for a merge to read them as often as it needs to.
   * @param schema the columns of the batch that was delivered last, behind the batches those of all: it may grow while they are read
   */
  spoolBatches(
    schema: () => StructType,
    batches: AsyncIterable<RecordBatch>,
    options?: QueryOptions,
  ): Promise<SourceRows>
  /** The rows of files for a merge. */
  spoolFiles(files: readonly string[], format: FileFormat, options?: QueryOptions): Promise<SourceRows>
  /** The answer of a query for a merge. */
  spoolQuery(sql: string, tables: { readonly [name: string]: Snapshot }, options?: QueryOptions): Promise<SourceRows>
  /** Of the rows of one key only the one with the greatest value of a column; ConstraintViolated where several have it. The rows given are released with those returned. */
  latestRows(source: SourceRows, keys: readonly string[], by: string, options?: QueryOptions): Promise<SourceRows>
  /** Rows that a SELECT of the library's own works out, which may say `error(...)`: InvalidInput then. The rows given are kept. */
  deriveRows(sql: string, relations: RowRelations, options?: QueryOptions): Promise<SourceRows>
  /** What the keys of a source ask of the rows of the table that match; undefined where that cannot be said. */
  sourceBounds(
    source: SourceRows,
    keys: ParsedRowChange['keys'],
    options?: QueryOptions,
  ): Promise<Predicate | undefined>
  /** Begins a change of rows; it must be closed. */
  changeRows(request: RowChangeRequest, options?: QueryOptions): Promise<RowChange>
  /**
   * Prepares the rules of a table for batches of its schema. Nothing is evaluated yet.
   * @throws UnsupportedFeature, UnknownColumn, InvalidArgument for a rule that cannot be evaluated as Spark does
   */
  openRules(rules: RowRules, schema: StructType, now: number, options?: QueryOptions): Promise<RuleEvaluator>
  close(): Promise<void>
}
