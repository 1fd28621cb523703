import type { Predicate } from '../../expressions/predicate.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { ScanPlan } from '../../scan/scan-plan.js'
import type { QueryOptions, QueryResult } from '../query-engine.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { leasedResult } from './leased-result.js'
import { parsePredicate } from './parse-predicate.js'
import { stageSource } from './stage-source.js'
import { createView } from './table/create-view.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidPredicate', what: 'The scan failed' }
const TABLE = 'table'

/** See {@link QueryEngine.scan}. */
export async function runScan(engine: EngineContext, plan: ScanPlan, options: QueryOptions): Promise<QueryResult> {
  const { snapshot, predicate } = plan
  for (const sql of opaqueParts(predicate)) await parsePredicate(engine.planner, sql, snapshot.schema)
  const staged = await stageSource(engine, plan, plan.readSchema, options)
  try {
    const lease = await engine.instances.connect(staged.directories)
    try {
      await createView(lease.connection, TABLE, staged.table)
      const columns = plan.schema.fields.map((field) => quoteIdentifier(field.name))
      const where = predicate === undefined ? '' : ` WHERE ${predicateToSql(predicate, snapshot.schema)}`
      const sql = `SELECT ${columns.join(', ')} FROM ${quoteIdentifier(TABLE)}${where}`
      return await leasedResult(lease, sql, CONTEXT, options, staged.release)
    } catch (error) {
      lease.release()
      throw error
    }
  } catch (error) {
    staged.release()
    throw error
  }
}

/** SQL that somebody wrote: it is checked before it runs. */
function opaqueParts(predicate: Predicate | undefined): readonly string[] {
  switch (predicate?.op) {
    case 'opaque':
      return [predicate.sql]
    case 'and':
    case 'or':
      return predicate.children.flatMap(opaqueParts)
    case 'not':
      return opaqueParts(predicate.child)
    default:
      return []
  }
}
