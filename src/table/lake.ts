import type { RecordBatch, Schema, Table } from 'apache-arrow'
import type { Row } from '../arrow/row.js'
import type { QueryResult } from '../engine/query-engine.js'
import { DeltaError } from '../errors/delta-error.js'
import { EngineHandle, type EngineHandleOptions } from '../operations/operation/engine-handle.js'
import type { OperationOptions } from '../operations/operation/operation-options.js'
import type { Snapshot, VersionSpec } from '../snapshot/snapshot.js'
import type { StorageOptions } from '../storage/storage-options.js'
import { type DeltaTable, heldSnapshot } from './delta-table.js'
import { locate, openVersion } from './open-version.js'
import { requireHandle } from './require-handle.js'
import { collect, type RowOptions, streamRows } from './stream-rows.js'

export interface LakeOptions extends EngineHandleOptions {
  /**
   * Lets SQL name tables by URL: `FROM delta_scan('s3://lake/events', version => 3)`, or `timestamp => '2026-01-01T00:00:00Z'`. Default: false, because whoever writes the SQL
   * then reads any table that this process can reach.
   */
  readonly deltaScan?: boolean | undefined
  /** How to reach the tables that `delta_scan` names. */
  readonly storage?: StorageOptions | undefined
}

export interface QueryLakeOptions extends Pick<OperationOptions, 'signal' | 'observer'> {
  /** The tables of the query by the names that it gives them, each at the version that its handle holds. */
  readonly tables?: { readonly [name: string]: DeltaTable<never> | DeltaTable } | undefined
}

/**
 * SQL over Delta tables, each at a version of its own: `await using lake = new Lake({ memory: '1GB' })`. The engine starts with the first query; it holds at most `memory`, spills
 * to `temp`, and keeps what it read of remote files for later queries. Close it to remove its temporary files.
 */
export class Lake implements AsyncDisposable {
  readonly #engine: EngineHandle
  readonly #options: LakeOptions

  constructor(options: LakeOptions = {}) {
    this.#engine = new EngineHandle(options)
    this.#options = options
  }

  /**
   * Runs one query in the SQL of DuckDB; `TIMESTAMP WITH TIME ZONE` values show in UTC. The SQL can read the tables given to it (and, with `deltaScan`, tables that it names), and
   * nothing else of the machine.
   *
   * @throws InvalidQuery; ResourceExhausted; DataFileMissing, CorruptData; Aborted
   */
  async query(sql: string, options: QueryLakeOptions = {}): Promise<LakeResult> {
    const { signal, observer, tables = {} } = options
    if (typeof sql !== 'string')
      throw new DeltaError('InvalidQuery', `A query is text, not a value of type ${typeof sql}.`)
    const snapshots = Object.fromEntries(
      Object.entries(tables ?? {}).map(([name, table]) => [name, requireHandle(table, name, heldSnapshot)]),
    )
    const engine = await this.#engine.open()
    const { deltaScan, storage } = this.#options
    const resolveTable = async (url: string, version: VersionSpec, aborted?: AbortSignal): Promise<Snapshot> =>
      openVersion(await locate(url, { storage, observer }), version, aborted)
    return new LakeResult(
      await engine.query(sql, snapshots, {
        ...(signal && { signal }),
        ...(observer && { observer }),
        ...(deltaScan && { resolveTable }),
      }),
    )
  }

  /** Ends the engine and removes its temporary files. */
  close(): Promise<void> {
    return this.#engine.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** The answer of a query. It is a stream: read it once, by one of its methods. */
export class LakeResult {
  readonly #result: QueryResult

  constructor(result: QueryResult) {
    this.#result = result
  }

  /** The columns of the answer. Of those that share a name, the later ones get a number behind it: `id`, `id_1`. */
  get schema(): Schema {
    return this.#result.schema
  }

  /** Arrow batches as the engine produces them. */
  batches(): AsyncIterable<RecordBatch> {
    return this.#result.batches()
  }

  /** All rows as plain objects, see {@link rowStream}. */
  async rows(options: RowOptions = {}): Promise<Row[]> {
    return collect(this.rowStream(options))
  }

  /** Rows as plain objects, one at a time: for answers of any size. */
  async *rowStream(options: RowOptions = {}): AsyncGenerator<Row, void, undefined> {
    const { deltaSchema } = await import('../arrow/delta-schema.js')
    yield* streamRows(this.batches(), deltaSchema(this.schema, { naiveTimestamps: 'ntz' }), options)
  }

  /** All rows as one Arrow table. */
  async toArrow(): Promise<Table> {
    const { Table } = await import('apache-arrow')
    const batches: RecordBatch[] = []
    for await (const batch of this.batches()) batches.push(batch)
    return new Table(this.schema, batches)
  }
}
