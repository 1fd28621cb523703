import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RecordBatch } from 'apache-arrow'
import type { WriteTarget, WrittenFile } from '../../data-files/write-target.js'
import { DeltaError } from '../../errors/delta-error.js'
import type { Predicate } from '../../expressions/predicate.js'
import type { AddFile } from '../../protocol/actions/action.js'
import type { RowRules } from '../../protocol/rules/row-rules.js'
import { defaultMemory } from '../../runtime/node/default-memory.js'
import type { ScanPlan } from '../../scan/scan-plan.js'
import type { StructType } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { EngineOptions, FileFormat, LoadOptions, QueryEngine, QueryOptions, QueryResult } from '../query-engine.js'
import type {
  ParsedRowChange,
  RowChange,
  RowChangeRequest,
  RowChangeText,
  RowRelations,
  SourceRows,
} from '../row-change.js'
import type { RuleEvaluator } from '../rule-evaluator.js'
import { RemoteFiles } from '../staging/remote-files.js'
import { Stager } from '../staging/stager.js'
import { deriveRows } from './changes/derive-rows.js'
import { latestRows } from './changes/latest-rows.js'
import { openRowChange } from './changes/open-row-change.js'
import { parseRowChange } from './changes/parse-row-change.js'
import { sourceBounds } from './changes/source-bounds.js'
import { spoolBatches } from './changes/spool-batches.js'
import { spoolFiles, spoolQuery } from './changes/spool-query.js'
import type { EngineContext } from './engine-context.js'
import { InstancePool } from './instance-pool.js'
import { inferSchema } from './load/infer-schema.js'
import { loadFiles } from './load/load-files.js'
import { parsePredicate } from './parse-predicate.js'
import { borrowPlanner, returnPlanner } from './planner/spare-planner.js'
import { rewriteFiles } from './rewrite-files.js'
import { BatchRules } from './rules/batch-rules.js'
import { compileRules } from './rules/compile-rules.js'
import { runQuery } from './run-query.js'
import { runScan } from './run-scan.js'
import { CheckedFiles } from './table/checked-files.js'
import { lanePools } from './write/lanes.js'

const DEFAULT_CACHE_BYTES = 4 * 2 ** 30

/** DuckDB's own measure: twice as many cost a load of lineitem 300 MB more and no reader gains by it. */
const ROW_GROUP_ROWS = 122_880

/** With one thread a UNION ALL of DuckDB loses the order of rows. */
const LEAST_THREADS = 2

/** With less, smaller row groups are written. */
const SMALL_MEMORY = 512 * 2 ** 20

/** DuckDB's share of a budget of memory that is not small. It does not count all that it holds: buffers of its readers and writers stand beside what it does. */
const COUNTED_SHARE = 7 / 8

/** The SQL path on DuckDB. */
export class DuckDbEngine implements QueryEngine {
  readonly #context: EngineContext
  #closed = false

  private constructor(context: EngineContext) {
    this.#context = context
  }

  static async open(options: EngineOptions): Promise<DuckDbEngine> {
    const parent = options.tempDirectory ?? tmpdir()
    await mkdir(parent, { recursive: true })
    const workDirectory = await mkdtemp(join(parent, 'lakewright-'))
    const budget = options.memoryBytes ?? defaultMemory()
    const memoryBytes = budget < SMALL_MEMORY ? budget : Math.floor(budget * COUNTED_SHARE)
    const spillDirectory = join(workDirectory, 'spill')
    const threads = options.threads ?? availableParallelism()
    const foreseen = [await realpath(workDirectory), ...(await localFolders(options.table))]
    const settings = { memoryBytes, spillDirectory, threads: Math.max(LEAST_THREADS, threads) }
    const instances = new InstancePool(settings, foreseen)
    if (options.readsTableAlone) instances.prepare()
    return new DuckDbEngine({
      workDirectory,
      memoryBytes,
      rowGroupRows: budget < SMALL_MEMORY ? 65_536 : ROW_GROUP_ROWS,
      planner: await borrowPlanner(),
      instances,
      lanes: lanePools(threads, memoryBytes, spillDirectory),
      stager: new Stager(new RemoteFiles(join(workDirectory, 'files'), options.cacheBytes ?? DEFAULT_CACHE_BYTES)),
      checked: new CheckedFiles(),
    })
  }

  query(sql: string, tables: { readonly [name: string]: Snapshot }, options: QueryOptions = {}): Promise<QueryResult> {
    this.#checkOpen()
    return runQuery(this.#context, sql, tables, options)
  }

  scan(plan: ScanPlan, options: QueryOptions = {}): Promise<QueryResult> {
    this.#checkOpen()
    return runScan(this.#context, plan, options)
  }

  parsePredicate(sql: string, schema: StructType): Promise<Predicate> {
    this.#checkOpen()
    return parsePredicate(this.#context.planner, sql, schema)
  }

  inferSchema(files: readonly string[], format: FileFormat, options: QueryOptions = {}): Promise<StructType> {
    this.#checkOpen()
    return inferSchema(this.#context, files, format, options)
  }

  loadFiles(
    files: readonly string[],
    format: FileFormat,
    target: WriteTarget,
    options: LoadOptions = {},
  ): Promise<WrittenFile[]> {
    this.#checkOpen()
    return loadFiles(this.#context, files, format, target, options)
  }

  rewriteFiles(
    snapshot: Snapshot,
    files: readonly AddFile[],
    target: WriteTarget,
    options: QueryOptions = {},
  ): Promise<WrittenFile[]> {
    this.#checkOpen()
    return rewriteFiles(this.#context, snapshot, files, target, options)
  }

  parseRowChange(change: RowChangeText): Promise<ParsedRowChange> {
    this.#checkOpen()
    return parseRowChange(this.#context.planner, change)
  }

  spoolBatches(
    schema: () => StructType,
    batches: AsyncIterable<RecordBatch>,
    options: QueryOptions = {},
  ): Promise<SourceRows> {
    this.#checkOpen()
    return spoolBatches(this.#context, schema, batches, options)
  }

  spoolFiles(files: readonly string[], format: FileFormat, options: QueryOptions = {}): Promise<SourceRows> {
    this.#checkOpen()
    return spoolFiles(this.#context, files, format, options)
  }

  spoolQuery(
    sql: string,
    tables: { readonly [name: string]: Snapshot },
    options: QueryOptions = {},
  ): Promise<SourceRows> {
    this.#checkOpen()
    return spoolQuery(this.#context, sql, tables, options)
  }

  latestRows(source: SourceRows, keys: readonly string[], by: string, options: QueryOptions = {}): Promise<SourceRows> {
    this.#checkOpen()
    return latestRows(this.#context, source, keys, by, options)
  }

  deriveRows(sql: string, relations: RowRelations, options: QueryOptions = {}): Promise<SourceRows> {
    this.#checkOpen()
    return deriveRows(this.#context, sql, relations, options)
  }

  sourceBounds(
    source: SourceRows,
    keys: ParsedRowChange['keys'],
    options: QueryOptions = {},
  ): Promise<Predicate | undefined> {
    this.#checkOpen()
    return sourceBounds(this.#context, source, keys, options)
  }

  changeRows(request: RowChangeRequest, options: QueryOptions = {}): Promise<RowChange> {
    this.#checkOpen()
    return openRowChange(this.#context, request, options)
  }

  async openRules(
    rules: RowRules,
    schema: StructType,
    now: number,
    options: QueryOptions = {},
  ): Promise<RuleEvaluator> {
    this.#checkOpen()
    return new BatchRules(this.#context, compileRules(rules, schema, BigInt(now) * 1000n), options)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const pool of [this.#context.instances, ...this.#context.lanes]) pool.close()
    await returnPlanner(this.#context.planner)
    await rm(this.#context.workDirectory, { recursive: true, force: true })
  }

  #checkOpen(): void {
    if (this.#closed) throw new DeltaError('InvalidArgument', 'The engine is closed.')
  }
}

/** Without links, as it will be asked for. */
async function localFolders(table: TableLocation | undefined): Promise<string[]> {
  if (table?.store.localPath === undefined) return []
  const path = fileURLToPath(table.store.url)
  return [await realpath(path).catch(() => path)]
}
