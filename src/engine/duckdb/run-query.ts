import { DeltaError } from '../../errors/delta-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions, QueryResult } from '../query-engine.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { leasedResult } from './leased-result.js'
import { type DeltaScanCall, defineDeltaScan } from './planner/delta-scan.js'
import { planQuery } from './planner/plan-query.js'
import { readQuery } from './planner/read-query.js'
import type { TableNeeds } from './planner/table-needs.js'
import { stageTables } from './stage-tables.js'
import { createView, isUnfetched } from './table/create-view.js'

const INVALID: ErrorContext = { sqlCode: 'InvalidQuery', what: 'The query is not valid' }
const FAILED: ErrorContext = { sqlCode: 'InvalidQuery', what: 'The query failed' }

/** See {@link QueryEngine.query}. */
export async function runQuery(
  engine: EngineContext,
  text: string,
  tables: { readonly [name: string]: Snapshot },
  options: QueryOptions,
): Promise<QueryResult> {
  const given = new Map(Object.entries(tables).map(([name, snapshot]) => [name, snapshot.schema]))
  const query = await readQuery(engine.planner, text, given, INVALID)
  const snapshots = new Map(query.tables.map((name) => [name, tables[name] as Snapshot]))
  for (const call of query.deltaScans) snapshots.set(call.tableName, await resolve(call, options))
  const schemas = new Map([...snapshots].map(([name, snapshot]) => [name, snapshot.schema]))
  const needs = await planQuery(engine.planner, query.sql, schemas, INVALID)
  try {
    return await run(engine, query.sql, snapshots, needs, options)
  } catch (error) {
    // DuckDB wants a column that the plan did not: fetch them all.
    if (!isUnfetched(error)) throw error
    return run(engine, query.sql, snapshots, new Map(), options)
  }
}

async function run(
  engine: EngineContext,
  sql: string,
  snapshots: ReadonlyMap<string, Snapshot>,
  needs: ReadonlyMap<string, TableNeeds>,
  options: QueryOptions,
): Promise<QueryResult> {
  const staged = await stageTables(engine, snapshots, needs, options)
  try {
    const lease = await engine.instances.connect(staged.directories)
    try {
      for (const [name, table] of staged.tables) await createView(lease.connection, name, table)
      await defineDeltaScan(lease.connection)
      return await leasedResult(lease, sql, FAILED, options, staged.release)
    } catch (error) {
      lease.release()
      throw error
    }
  } catch (error) {
    staged.release()
    throw error
  }
}

async function resolve({ url, version }: DeltaScanCall, { resolveTable, signal }: QueryOptions): Promise<Snapshot> {
  if (resolveTable !== undefined) return resolveTable(url, version, signal)
  throw new DeltaError(
    'InvalidQuery',
    'delta_scan cannot be used here. Give the table a name and pass it to the query.',
  )
}
