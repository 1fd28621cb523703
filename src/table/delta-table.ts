import type { RecordBatch } from 'apache-arrow'
import type { Row } from '../arrow/row.js'
import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import type { AppendOptions } from '../operations/append.js'
import type { ApplyChangesOptions } from '../operations/apply-changes/apply-changes-options.js'
import type { ChangesOptions } from '../operations/changes/changes-options.js'
import type { CheckpointResult } from '../operations/checkpoint.js'
import type { CreateTableOptions } from '../operations/create.js'
import type { DeleteOptions } from '../operations/delete/delete-rows.js'
import type { TableDetail } from '../operations/detail.js'
import type { DiffOptions } from '../operations/diff/diff.js'
import type { ExplainOptions, Explanation } from '../operations/explain.js'
import type { HistoryEntry, HistoryOptions } from '../operations/history.js'
import type { ListFilesOptions, TableFiles } from '../operations/list-files.js'
import type { OperationOptions } from '../operations/operation/operation-options.js'
import type { RowChangeResult } from '../operations/operation/row-change/row-change-plan.js'
import type { RowsInput } from '../operations/operation/rows-input.js'
import type { Where } from '../operations/operation/where.js'
import type { WriteResult, Written } from '../operations/operation/write-result.js'
import type { OptimizeOptions } from '../operations/optimize/optimize.js'
import type { OverwriteOptions } from '../operations/overwrite/overwrite-options.js'
import type { PurgeOptions } from '../operations/purge/purge.js'
import type { RestoreOptions } from '../operations/restore/restore.js'
import type { ScanOptions } from '../operations/scan.js'
import type { UpdateOptions } from '../operations/update/update-rows.js'
import type { Metadata, Protocol } from '../protocol/actions/action.js'
import type { CompatibilityReport } from '../protocol/features/reader-compatibility.js'
import type { StructColumn } from '../schema/column.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { afterWrite } from './after-write.js'
import { AppendQueue } from './appends/append-queue.js'
import { ChangeStream } from './change-stream.js'
import { expectSchema } from './expect-schema.js'
import { MergeBuilder, type SetOf } from './merge-builder.js'
import { type MergeInput, type MergeOptions, mergeSource } from './merge-input.js'
import { isPinned, locate, openVersion } from './open-version.js'
import { collect, type RowOptions } from './stream-rows.js'
import { TableAlterations } from './table-alterations.js'
import type { TableOptions, VersionOptions } from './table-options.js'
import { TableWriter } from './table-writer.js'
import type { WriterOptions } from './writer-options.js'

export interface CreateOptions extends CreateTableOptions, TableOptions {}

export interface OpenOptions<R extends object> extends TableOptions, VersionOptions {
  /** What a program expects of the table: gives its rows a type, and is checked. SchemaMismatch where the table differs. */
  readonly schema?: StructColumn<R> | undefined
}

export interface ReadRowsOptions<C extends string = string> extends ScanOptions, RowOptions {
  readonly columns?: readonly C[] | undefined
}

/** The version that a handle holds, of whatever may be a handle; undefined where it is none. For {@link Lake} and merges alone. */
export let heldSnapshot: (value: object) => Snapshot | undefined

/**
 * A Delta table: a handle that holds one version of it. Reads see that version until `refresh`, or a write through the handle, moves it on. Nothing has to be closed.
 * Every method takes an AbortSignal and throws {@link DeltaError}.
 */
export class DeltaTable<R extends object = Row> {
  static {
    heldSnapshot = (value) => (#snapshot in value ? value.#snapshot : undefined)
  }

  #snapshot: Snapshot
  readonly #isView: boolean
  readonly #appends: AppendQueue

  private constructor(snapshot: Snapshot, isView: boolean) {
    this.#snapshot = snapshot
    this.#isView = isView
    this.#appends = new AppendQueue({ snapshot: () => this.#snapshot, keep: (each) => this.#keep(each) })
  }

  /**
   * Makes a new table at a local path, `file://`, `s3://bucket/prefix` or `memory://name`.
   *
   * @throws TableAlreadyExists unless `ifNotExists`; InvalidSchema, InvalidArgument, UnsupportedFeature, UnsupportedStore
   */
  static async create<R extends object = Row>(
    url: string,
    options: CreateOptions & { readonly schema: StructColumn<R> | CreateOptions['schema'] },
  ): Promise<DeltaTable<R>> {
    const { create } = await import('../operations/create.js')
    return new DeltaTable<R>(await create(await locate(url, options), options), false)
  }

  /**
   * Opens the latest version, or a read-only view of the one asked for.
   *
   * @throws TableNotFound with the place tried; VersionNotFound; UnsupportedFeature; SchemaMismatch; CorruptLog
   */
  static async open<R extends object = Row>(url: string, options: OpenOptions<R> = {}): Promise<DeltaTable<R>> {
    const snapshot = await openVersion(await locate(url, options), options, options.signal)
    if (options.schema !== undefined) expectSchema(snapshot.location.url, snapshot.schema, options.schema)
    return new DeltaTable<R>(snapshot, isPinned(options))
  }

  /** Whether there is a table, readable or not. */
  static async exists(url: string, options: TableOptions = {}): Promise<boolean> {
    const { listLogSegment } = await import('../log/list-log-segment.js')
    try {
      await listLogSegment(await locate(url, options), { signal: options.signal })
      return true
    } catch (error) {
      if (isDeltaError(error, 'TableNotFound')) return false
      throw error
    }
  }

  /** Who did what, the newest commit first, without opening the table: also for tables whose features cannot be read. */
  static async history(url: string, options: HistoryOptions & TableOptions = {}): Promise<HistoryEntry[]> {
    const { history } = await import('../operations/history.js')
    return history(await locate(url, options), options)
  }

  /** What the latest version asks of readers and writers, and who meets it: also of a table that cannot be opened here. */
  static async compat(url: string, options: TableOptions = {}): Promise<CompatibilityReport> {
    const [{ readerCompatibility }, { readProtocol }] = await Promise.all([
      import('../protocol/features/reader-compatibility.js'),
      import('../snapshot/read-protocol.js'),
    ])
    const { protocol, metadata } = await readProtocol(await locate(url, options), { signal: options.signal })
    return readerCompatibility(protocol, metadata)
  }

  /** The table root, without credentials. */
  get url(): string {
    return this.#snapshot.location.url
  }

  get version(): number {
    return this.#snapshot.version
  }

  /** When the version was committed. */
  get timestamp(): Date {
    return new Date(this.#snapshot.timestamp)
  }

  get schema(): StructType {
    return this.#snapshot.schema
  }

  get partitionColumns(): readonly string[] {
    return this.#snapshot.metadata.partitionColumns
  }

  get metadata(): Metadata {
    return this.#snapshot.metadata
  }

  get protocol(): Protocol {
    return this.#snapshot.protocol
  }

  /** A read-only view of a version, or of an instant. @throws VersionNotFound naming the versions that exist */
  async at(wanted: VersionOptions, { signal }: OperationOptions = {}): Promise<DeltaTable<R>> {
    if (!isPinned(wanted)) throw new DeltaError('InvalidArgument', 'Give a version or a timestamp to look at.')
    return new DeltaTable<R>(await openVersion(this.#snapshot.location, wanted, signal), true)
  }

  /** Moves the handle to the newest version; reads only what is new. A view stays where it is. */
  async refresh({ signal }: OperationOptions = {}): Promise<this> {
    if (!this.#isView) this.#keep(await this.#snapshot.refresh(signal))
    return this
  }

  /**
   * Adds rows, or the rows of `files(...)`. Appends that are issued together share a commit, and few rows a data file too; each gets its own result. See
   * {@link AppendOptions}.
   */
  async append(rows: RowsInput<R>, options: AppendOptions = {}): Promise<WriteResult> {
    this.#checkWritable('append')
    return this.#appends.append(rows, options)
  }

  /**
   * Takes rows as they come, and commits many at once. See {@link TableWriter} and {@link WriterOptions}.
   *
   * @throws InvalidArgument, ReadOnlyView
   */
  writer(options: WriterOptions = {}): TableWriter<R> {
    this.#checkWritable('writer')
    return new TableWriter<R>(
      (rows) => this.append(rows as readonly R[]),
      this.#snapshot.location.runtime.clock,
      options,
    )
  }

  /** Replaces the rows of the table, or of some partitions. See {@link OverwriteOptions}. */
  async overwrite(rows: RowsInput<R>, options: OverwriteOptions = {}): Promise<WriteResult> {
    const { overwrite } = await import('../operations/overwrite/overwrite.js')
    return this.#write('overwrite', async (snapshot) =>
      overwrite(await snapshot.refresh(options.signal), rows, options),
    )
  }

  /** Changes of schema, properties and protocol: `table.alter.addColumns('score DOUBLE')`. */
  get alter(): TableAlterations {
    return new TableAlterations(async (change, options) => {
      const { alterTable } = await import('../operations/alter/alter-table.js')
      return this.#write('alter', async (snapshot) =>
        alterTable(await snapshot.refresh(options.signal), change, options),
      )
    })
  }

  /** Deletes the rows for which a condition is true; without one, all rows. See {@link DeleteOptions}. */
  async delete(where?: Where, options: DeleteOptions = {}): Promise<RowChangeResult> {
    const { deleteRows } = await import('../operations/delete/delete-rows.js')
    return this.#write('delete', async (snapshot) => deleteRows(await snapshot.refresh(options.signal), where, options))
  }

  /** Sets columns of the rows for which a condition is true. See {@link UpdateOptions}. */
  async update(options: Omit<UpdateOptions, 'set'> & { readonly set: SetOf<R> }): Promise<RowChangeResult> {
    const { updateRows } = await import('../operations/update/update-rows.js')
    const untyped = options as UpdateOptions
    return this.#write('update', async (snapshot) => updateRows(await snapshot.refresh(options.signal), untyped))
  }

  /**
   * Begins a merge: rows of the table are changed by rows of a source. `on` says when two match, as SQL over `target` and `source` or as names of columns that must be equal.
   * See {@link MergeBuilder}, {@link MergeOptions}.
   */
  merge(source: MergeInput, on: string | readonly string[], options: MergeOptions = {}): MergeBuilder<R> {
    return new MergeBuilder<R>(async (clauses, explained) => {
      const { mergeRows } = await import('../operations/operation/merge/merge-rows.js')
      const request = { source: mergeSource(source, options, heldSnapshot), on, clauses }
      const dryRun = explained || options.dryRun
      return this.#write('merge', async (snapshot) =>
        mergeRows(await snapshot.refresh(options.signal), request, { ...options, dryRun }),
      )
    })
  }

  /** Merges small files. See {@link OptimizeOptions}. */
  async optimize(options: OptimizeOptions = {}): Promise<WriteResult> {
    const { optimize } = await import('../operations/optimize/optimize.js')
    return this.#write('optimize', async (snapshot) => optimize(await snapshot.refresh(options.signal), options))
  }

  /** Rewrites files that have deletion vectors: no file of the newest version holds rows that were deleted. See {@link PurgeOptions}. */
  async purge(options: PurgeOptions = {}): Promise<WriteResult> {
    const { purge } = await import('../operations/purge/purge.js')
    return this.#write('purge', async (snapshot) => purge(await snapshot.refresh(options.signal), options))
  }

  /** Makes the table what it was at an older version. See {@link RestoreOptions}. */
  async restore(options: RestoreOptions): Promise<WriteResult> {
    const { restore } = await import('../operations/restore/restore.js')
    return this.#write('restore', async (snapshot) => restore(await snapshot.refresh(options.signal), options))
  }

  /** Writes a checkpoint of the newest version. */
  async checkpoint(options: OperationOptions = {}): Promise<CheckpointResult> {
    this.#checkWritable('checkpoint')
    const { checkpoint } = await import('../operations/checkpoint.js')
    return checkpoint((await this.refresh(options)).#snapshot, options)
  }

  /** The rows as Arrow batches, a row group at a time. Needs no SQL engine unless the condition does. */
  async *scan(options: ScanOptions & VersionOptions = {}): AsyncGenerator<RecordBatch, void, undefined> {
    const { scan } = await import('../operations/scan.js')
    yield* scan(await this.#at(options, options.signal), options)
  }

  /** The rows as plain objects. All at once: give `limit` or `where` for tables larger than memory, or use `rowStream`. */
  async rows<C extends keyof R & string = keyof R & string>(
    options: ReadRowsOptions<C> & VersionOptions = {},
  ): Promise<Pick<R, C>[]> {
    return collect(this.rowStream(options))
  }

  /** The rows as plain objects, one at a time: for tables of any size. */
  async *rowStream<C extends keyof R & string = keyof R & string>(
    options: ReadRowsOptions<C> & VersionOptions = {},
  ): AsyncGenerator<Pick<R, C>, void, undefined> {
    const { tableRows } = await import('./table-rows.js')
    yield* tableRows(await this.#at(options, options.signal), options) as AsyncGenerator<never>
  }

  /** Applies events of a source to the table: inserts, updates and deletes in any order. See {@link ApplyChangesOptions}. */
  async applyChanges(
    source: MergeInput,
    options: ApplyChangesOptions & Pick<MergeOptions, 'tables'>,
  ): Promise<RowChangeResult> {
    const { applyChanges } = await import('../operations/apply-changes/apply-changes.js')
    const events = mergeSource(source, options, heldSnapshot)
    return this.#write('applyChanges', async (snapshot) =>
      applyChanges(await snapshot.refresh(options.signal), events, options),
    )
  }

  /** What happened to rows over a range of versions, where the table records it (`delta.enableChangeDataFeed`). See {@link ChangesOptions}. */
  changes(options: ChangesOptions): ChangeStream {
    return new ChangeStream(async (onVersion) => {
      const { changes } = await import('../operations/changes/changes.js')
      return changes(this.#snapshot, options, onVersion)
    })
  }

  /** The rows in which two versions differ, whether or not changes are recorded. See {@link DiffOptions}. */
  diff(options: DiffOptions): ChangeStream {
    return new ChangeStream(async () => (await import('../operations/diff/diff.js')).diff(this.#snapshot, options))
  }

  /** What a scan would read, and what it would not. */
  async explain(options: ExplainOptions = {}): Promise<Explanation> {
    const { explain } = await import('../operations/explain.js')
    return explain(this.#snapshot, options)
  }

  /** Who did what, the newest commit first, up to the version that the handle holds. */
  async history(options: HistoryOptions = {}): Promise<HistoryEntry[]> {
    const { history } = await import('../operations/history.js')
    return history(this.#snapshot.location, options, this.version)
  }

  /** What the version is: Spark's DESCRIBE DETAIL, and what each feature means. */
  async detail(options: OperationOptions = {}): Promise<TableDetail> {
    const { detail } = await import('../operations/detail.js')
    return detail(this.#snapshot, options)
  }

  /** The data files, and with `where` how many of them could have a matching row. */
  async files(options: ListFilesOptions = {}): Promise<TableFiles> {
    const { listFiles } = await import('../operations/list-files.js')
    return listFiles(this.#snapshot, options)
  }

  /** The features that the table asks for, what lakewright does with each, and which other engines can read it. */
  async compat(): Promise<CompatibilityReport> {
    const { readerCompatibility } = await import('../protocol/features/reader-compatibility.js')
    return readerCompatibility(this.#snapshot.protocol, this.#snapshot.metadata)
  }

  async #at(wanted: VersionOptions, signal: AbortSignal | undefined): Promise<Snapshot> {
    return isPinned(wanted) ? openVersion(this.#snapshot.location, wanted, signal) : this.#snapshot
  }

  async #write<Result extends WriteResult>(
    verb: string,
    run: (snapshot: Snapshot) => Promise<Written & { readonly result: Result }>,
  ): Promise<Result> {
    this.#checkWritable(verb)
    const written = await run(this.#snapshot)
    this.#keep(await afterWrite(written))
    return written.result
  }

  #checkWritable(verb: string): void {
    if (!this.#isView) return
    throw new DeltaError(
      'ReadOnlyView',
      `This is a view of version ${this.version} of ${this.url}: ${verb} needs the table itself. Open it without a version.`,
      { details: { table: this.url, version: this.version } },
    )
  }

  /** Writes through one handle may end out of order. */
  #keep(snapshot: Snapshot): void {
    if (snapshot.version >= this.#snapshot.version) this.#snapshot = snapshot
  }
}
