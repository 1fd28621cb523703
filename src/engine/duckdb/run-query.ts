import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../errors/delta-error.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions, QueryResult } from '../query-engine.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { leasedResult } from './leased-result.js'
import { lendStaged } from './lend-staged.js'
import { type DeltaScanCall, defineDeltaScan } from './planner/delta-scan.js'
import { planQuery } from './planner/plan-query.js'
import { type ReadQuery, readQuery } from './planner/read-query.js'
import type { TableNeeds } from './planner/table-needs.js'
import { stageTables } from './stage-tables.js'
import { createView, isUnfetched, tableSelect } from './table/create-view.js'
import type { SourceTable } from './table/source-table.js'

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
  for (const call of query.deltaScans) snapshots.set(call.tableName, await resolveCall(call, options))
  const schemas = new Map([...snapshots].map(([name, snapshot]) => [name, snapshot.schema]))
  const needs = await planQuery(engine.planner, query.sql, schemas, INVALID)
  try {
    return await run(engine, query, snapshots, needs, options)
  } catch (error) {
    // DuckDB wants a column that the plan did not: fetch them all.
    if (!isUnfetched(error)) throw error
    return run(engine, query, snapshots, new Map(), options)
  }
}

async function run(
  engine: EngineContext,
  query: ReadQuery,
  snapshots: ReadonlyMap<string, Snapshot>,
  needs: ReadonlyMap<string, TableNeeds>,
  options: QueryOptions,
): Promise<QueryResult> {
  const staged = await stageTables(engine, snapshots, needs, options)
  return lendStaged(engine.instances, staged, async (lease) => {
    const sql = await placeTables(lease.connection, query, staged.tables)
    return leasedResult(lease, sql, FAILED, options, staged.release)
  })
}

/**
 * Makes the tables known to a query, and returns its text. In a WITH clause they are bound once, as views twice, which is felt where there
 * are many files.
 */
export async function placeTables(
  connection: DuckDBConnection,
  query: ReadQuery,
  tables: ReadonlyMap<string, SourceTable>,
): Promise<string> {
  if (query.takesWith && tables.size > 0) {
    const parts: string[] = []
    for (const [name, table] of tables) {
      parts.push(`${quoteIdentifier(name)} AS NOT MATERIALIZED (${await tableSelect(connection, name, table)})`)
    }
    return `WITH ${parts.join(',\n')}\n${query.sql}`
  }
  for (const [name, table] of tables) await createView(connection, name, table)
  if (query.deltaScans.length > 0) await defineDeltaScan(connection)
  return query.sql
}

export async function resolveCall(
  { url, version }: DeltaScanCall,
  { resolveTable, signal }: QueryOptions,
): Promise<Snapshot> {
  if (resolveTable !== undefined) return resolveTable(url, version, signal)
  throw new DeltaError(
    'InvalidQuery',
    'delta_scan cannot be used here. Give the table a name and pass it to the query.',
  )
}
