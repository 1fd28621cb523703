import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import type { StructType } from '../../../schema/data-type.js'
import { type ErrorContext, fromDuckDb } from '../duckdb-error.js'
import { columnError } from './column-error.js'
import { defineDeltaScan, isDeltaScanTable } from './delta-scan.js'
import { type PlanFailure, planOf } from './plan-json.js'
import type { Planner } from './planner.js'
import { type TableNeeds, tableNeeds } from './table-needs.js'

/**
 * Checks that a query can be answered from tables of the given schemas, and finds out what it needs of each; a table that is missing
 * in the answer is needed whole.
 * @throws UnknownColumn, AmbiguousColumn, or what `context` calls an error in the SQL, with DuckDB's sentence
 */
export async function planQuery(
  planner: Planner,
  sql: string,
  schemas: ReadonlyMap<string, StructType>,
  context: ErrorContext,
): Promise<ReadonlyMap<string, TableNeeds>> {
  return planner.withTables(schemas, async (connection) => {
    if ([...schemas.keys()].some(isDeltaScanTable)) await defineDeltaScan(connection)
    for (const rewrites of ['pushdown', 'columns'] as const) {
      await planner.chooseRewrites(connection, rewrites)
      const answer = await planOf(connection, sql, context)
      if ('plan' in answer) return tableNeeds(answer.plan)
      if (isUsersMistake(answer.failure)) throw planError(answer.failure, context)
    }
    await bind(connection, sql, context)
    return new Map()
  })
}

/** DuckDB's refusal of a text as an error of ours. */
export function planError(failure: PlanFailure, context: ErrorContext): DeltaError {
  if (failure.error_subtype === 'COLUMN_NOT_FOUND' && failure.name !== undefined) {
    const nearest = failure.candidates?.split(',').map((name) => `"${name}"`)
    const advice = nearest === undefined ? '' : ` Did you mean ${nearest.join(' or ')}?`
    return new DeltaError('UnknownColumn', `There is no column "${failure.name}".${advice}`, {
      details: { column: failure.name },
    })
  }
  const ofColumn = columnError(failure.error_message)
  if (ofColumn !== undefined) return ofColumn
  const kind = failure.error_type.replace(/^./, (first) => first.toUpperCase())
  return fromDuckDb(new Error(`${kind} Error: ${failure.error_message}`), context)
}

/** False where DuckDB planned the query but cannot write the plan down. */
export function isUsersMistake(failure: PlanFailure): boolean {
  return !['internal', 'not implemented', 'serialization'].includes(failure.error_type.toLowerCase())
}

/** Plans the query without asking for the plan. */
async function bind(connection: DuckDBConnection, sql: string, context: ErrorContext): Promise<void> {
  try {
    const prepared = await connection.prepare(sql)
    prepared.destroySync()
  } catch (error) {
    throw fromDuckDb(error, context)
  }
}
