import { type DuckDBConnection, DuckDBTypeId } from '@duckdb/node-api'
import { DeltaError } from '../../errors/delta-error.js'
import type { Predicate } from '../../expressions/predicate.js'
import type { StructType } from '../../schema/data-type.js'
import type { ErrorContext } from './duckdb-error.js'
import { checkPlainExpression } from './planner/plain-expression.js'
import { planOf } from './planner/plan-json.js'
import { planError } from './planner/plan-query.js'
import type { Planner } from './planner/planner.js'
import { columnNames, quoteColumns } from './planner/quote-columns.js'
import { checkSelect } from './planner/select-statement.js'
import { filterOf } from './planner/table-needs.js'
import { interruptible } from './run-statement.js'

const TABLE = 'table'

/** See {@link QueryEngine.parsePredicate}. */
export async function parsePredicate(planner: Planner, text: string, schema: StructType): Promise<Predicate> {
  const context: ErrorContext = { sqlCode: 'InvalidPredicate', what: `The condition ${quoted(text)} is not valid` }
  return planner.withTables(new Map([[TABLE, schema]]), async (connection) => {
    const { text: sql, syntax } = await quoteColumns(connection, text, columnNames(schema), context, select)
    checkPlainExpression(checkSelect(syntax, context), context)
    await planner.chooseRewrites(connection, 'expressions')
    const answer = await planOf(connection, select(sql), context)
    if ('failure' in answer) throw planError(answer.failure, context)
    await checkBoolean(connection, sql, context)
    const { predicate, exact } = filterOf(answer.plan)
    if (exact) return predicate
    const opaque: Predicate = { op: 'opaque', sql }
    return predicate.op === 'constant' ? opaque : { op: 'and', children: [predicate, opaque] }
  })
}

/** The line break ends a comment that the condition may end with. */
function select(condition: string): string {
  return `SELECT * FROM "${TABLE}" WHERE (${condition}\n)`
}

/** WHERE would take numbers and texts too, and cast them. */
async function checkBoolean(connection: DuckDBConnection, sql: string, context: ErrorContext): Promise<void> {
  const type = await interruptible(connection, undefined, context, async () => {
    const prepared = await connection.prepare(`SELECT (${sql}\n) FROM "${TABLE}"`)
    const found = prepared.columnType(0)
    prepared.destroySync()
    return found
  })
  if (type.typeId === DuckDBTypeId.BOOLEAN || type.typeId === DuckDBTypeId.SQLNULL) return
  throw invalid(sql, `it is of type ${type}, not BOOLEAN. Compare it with something.`)
}

function invalid(sql: string, why: string): DeltaError {
  return new DeltaError('InvalidPredicate', `The condition ${quoted(sql)} is not valid: ${why}`)
}

function quoted(sql: string): string {
  return sql.length > 200 ? `${sql.slice(0, 200)}...` : sql
}
