import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructType } from '../../../schema/data-type.js'
import { fromDuckDb, isInvalidated } from '../duckdb-error.js'
import { openSealedInstance } from '../instance.js'
import { typeSql } from '../type-sql.js'

const MEMORY_BYTES = 256 * 2 ** 20

/** The rewrites that a plan goes through. Others may depend on how much data there is, and here there is none. */
const QUERY_REWRITES = [
  'expression_rewriter',
  'filter_pullup',
  'filter_pushdown',
  'cte_filter_pusher',
  'regex_range',
  'deliminator',
  'unnest_rewriter',
  'unused_columns',
  'cte_inlining',
  'build_side_probe_side',
]

/** Which rewrites a plan goes through before it is serialised. */
export type Rewrites =
  /** Conditions are pushed down to the tables and unneeded columns dropped. */
  | 'pushdown'
  /** Unneeded columns are dropped; for the few plans that DuckDB cannot serialise after a pushdown. */
  | 'columns'
  /** Constants are folded and comparisons normalised; conditions stay together. */
  | 'expressions'

const REWRITES: { readonly [Name in Rewrites]: readonly string[] } = {
  pushdown: QUERY_REWRITES,
  columns: QUERY_REWRITES.filter((name) => name !== 'filter_pushdown'),
  expressions: ['expression_rewriter'],
}

/**
 * Reads SQL with DuckDB's own parser, binder and optimizer, on empty tables in an instance that can reach no file: what it cannot
 * bind is no query over the given tables alone.
 */
export class Planner {
  #instance: DuckDBInstance
  readonly #optimizers: readonly string[]
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(instance: DuckDBInstance, optimizers: readonly string[]) {
    this.#instance = instance
    this.#optimizers = optimizers
  }

  static async open(): Promise<Planner> {
    const instance = await openSealedInstance(MEMORY_BYTES)
    const connection = await instance.connect()
    try {
      const reader = await connection.runAndReadAll('SELECT name FROM duckdb_optimizers()')
      return new Planner(
        instance,
        reader.getRows().map(([name]) => String(name)),
      )
    } finally {
      connection.closeSync()
    }
  }

  /**
   * Lends a connection in which an empty table of each schema stands under its name. Calls run one after the other, because the
   * choice of rewrites belongs to the instance.
   * @throws InvalidArgument where two tables have one name, but for case
   */
  async withTables<T>(
    schemas: ReadonlyMap<string, StructType>,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    const turn = this.#queue.then(async () => {
      const connection = await this.#connect()
      try {
        for (const [name, schema] of schemas) await createShadow(connection, name, schema)
        return await work(connection)
      } finally {
        connection.closeSync()
      }
    })
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect()
    try {
      await connection.run('SELECT 1')
      return connection
    } catch (error) {
      connection.closeSync()
      if (!isInvalidated(error)) throw error
      this.#instance = await openSealedInstance(MEMORY_BYTES)
      return this.#instance.connect()
    }
  }

  /** To be called inside {@link Planner.withTables}. */
  async chooseRewrites(connection: DuckDBConnection, rewrites: Rewrites): Promise<void> {
    const disabled = this.#optimizers.filter((name) => !REWRITES[rewrites].includes(name))
    await connection.run(`SET disabled_optimizers = '${disabled.join(',')}'`)
  }

  /** Ends it, once the calls that were made are answered. */
  async close(): Promise<void> {
    await this.#queue
    this.#instance.closeSync()
  }
}

async function createShadow(connection: DuckDBConnection, name: string, schema: StructType): Promise<void> {
  const columns = schema.fields.map((field) => `${quoteIdentifier(field.name)} ${typeSql(field.dataType)}`)
  if (columns.length === 0) {
    throw new DeltaError('InvalidQuery', `Table "${name}" has no columns yet: there is nothing to query.`)
  }
  try {
    await connection.run(`CREATE TEMP TABLE ${quoteIdentifier(name)} (${columns.join(', ')})`)
  } catch (error) {
    throw fromDuckDb(error, { sqlCode: 'InvalidArgument', what: `Table "${name}" cannot be queried` })
  }
}
