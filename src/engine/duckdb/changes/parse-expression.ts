import { type DuckDBConnection, DuckDBTypeId } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { ErrorContext } from '../duckdb-error.js'
import { checkPlainExpression } from '../planner/plain-expression.js'
import { nodesOf, type PlanNode, planOf } from '../planner/plan-json.js'
import { planError } from '../planner/plan-query.js'
import { quoteColumns } from '../planner/quote-columns.js'
import { checkSelect } from '../planner/select-statement.js'
import { interruptible, runStatement } from '../run-statement.js'

/** What expressions of a change may speak of. */
export interface ExpressionScope {
  readonly connection: DuckDBConnection
  /** The tables that stand in the connection. */
  readonly tables: readonly string[]
  /** The names of their columns and of the fields of these. */
  readonly columns: readonly string[]
}

/** An expression that was read. */
export interface ParsedExpression {
  /** The text, with columns quoted where they must be. */
  readonly sql: string
  readonly syntax: PlanNode
}

/** @throws InvalidPredicate for what is no condition, or gives another answer each time; UnknownColumn, AmbiguousColumn */
export async function parseCondition(scope: ExpressionScope, text: string): Promise<ParsedExpression> {
  const context: ErrorContext = { sqlCode: 'InvalidPredicate', what: `The condition ${shown(text)} is not valid` }
  const parsed = await parseExpression(scope, text, context)
  await refuseVolatile(scope, parsed, context)
  const { connection } = scope
  const type = await interruptible(connection, undefined, context, async () => {
    const prepared = await connection.prepare(complete(scope, parsed.sql))
    const found = prepared.columnType(0)
    prepared.destroySync()
    return found
  })
  if (type.typeId === DuckDBTypeId.BOOLEAN || type.typeId === DuckDBTypeId.SQLNULL) return parsed
  throw new DeltaError(
    'InvalidPredicate',
    `${context.what}: it is of type ${type}, not BOOLEAN. Compare it with something.`,
  )
}

/** @throws InvalidArgument for what is no expression over one row; UnknownColumn, AmbiguousColumn */
export function parseValue(scope: ExpressionScope, column: string, text: string): Promise<ParsedExpression> {
  return parseExpression(scope, text, {
    sqlCode: 'InvalidArgument',
    what: `The value ${shown(text)} for column ${column} is not valid`,
  })
}

async function parseExpression(scope: ExpressionScope, text: string, context: ErrorContext): Promise<ParsedExpression> {
  const { connection, columns } = scope
  const { text: sql, syntax } = await quoteColumns(connection, text, columns, context, (part) => complete(scope, part))
  const statement = checkSelect(syntax, context)
  checkPlainExpression(statement, context)
  const answer = await planOf(connection, complete(scope, sql), context)
  if ('failure' in answer && answer.failure.error_type !== 'not implemented') throw planError(answer.failure, context)
  return { sql, syntax: statement }
}

/** A condition is asked more than once: of the same row it must say the same. */
async function refuseVolatile(
  { connection }: ExpressionScope,
  { syntax }: ParsedExpression,
  context: ErrorContext,
): Promise<void> {
  const names = [...nodesOf(syntax)].flatMap((found) =>
    found.class === 'FUNCTION' ? [String(found.function_name)] : [],
  )
  if (names.length === 0) return
  const list = names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')
  const sql = `SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability = 'VOLATILE' AND function_name IN (${list})`
  const [found] = await runStatement(connection, sql, context)
  if (found === undefined) return
  throw new DeltaError(
    'InvalidPredicate',
    `${context.what}: ${String(found.function_name)}() gives another answer each time. Use what stands in the rows.`,
  )
}

/** The line break ends a comment that the text may end with. */
function complete({ tables }: ExpressionScope, expression: string): string {
  return `SELECT (${expression}\n) FROM ${tables.map(quoteIdentifier).join(', ')}`
}

function shown(sql: string): string {
  return sql.length > 200 ? `${sql.slice(0, 200)}...` : sql
}
