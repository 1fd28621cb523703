import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import type { StructType } from '../../../schema/data-type.js'
import { type ErrorContext, fromDuckDb } from '../duckdb-error.js'
import { type PlanFailure, planOf } from './plan-json.js'
import type { Planner } from './planner.js'
import { columnNames, quoteColumns } from './quote-columns.js'
import { checkSelect } from './select-statement.js'
import { type TableNeeds, tableNeeds } from './table-needs.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidQuery', what: 'The query is not valid' }

/** A query that is known to be one SELECT over the given tables. */
export interface PlannedQuery {
  /** The text, with columns quoted where they must be. */
  readonly sql: string
  /** What it needs of each table; one that is missing here is needed whole. */
  readonly needs: ReadonlyMap<string, TableNeeds>
}

/**
 * Checks that a text is one SELECT over the given tables and finds out what it needs of each.
 * @throws InvalidQuery, UnknownColumn, AmbiguousColumn with DuckDB's sentence
 */
export async function planQuery(
  planner: Planner,
  text: string,
  schemas: ReadonlyMap<string, StructType>,
): Promise<PlannedQuery> {
  return planner.withTables(schemas, async (connection) => {
    const sql = await quoteColumns(connection, text, [...schemas.values()].flatMap(columnNames), CONTEXT)
    await checkSelect(connection, sql, CONTEXT)
    for (const rewrites of ['pushdown', 'columns'] as const) {
      await planner.chooseRewrites(connection, rewrites)
      const answer = await planOf(connection, sql, CONTEXT)
      if ('plan' in answer) return { sql, needs: tableNeeds(answer.plan) }
      if (isUsersMistake(answer.failure)) throw planError(answer.failure, CONTEXT)
    }
    await bind(connection, sql)
    return { sql, needs: new Map() }
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
  const kind = failure.error_type.replace(/^./, (first) => first.toUpperCase())
  return fromDuckDb(new Error(`${kind} Error: ${failure.error_message}`), context)
}

/** False where DuckDB planned the query but cannot write the plan down. */
function isUsersMistake(failure: PlanFailure): boolean {
  return !['internal', 'not implemented', 'serialization'].includes(failure.error_type.toLowerCase())
}

async function bind(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    const prepared = await connection.prepare(sql)
    prepared.destroySync()
  } catch (error) {
    throw fromDuckDb(error, CONTEXT)
  }
}
