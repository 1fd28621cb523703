import { type DuckDBConnection, DuckDBTypeId } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { ErrorContext } from '../duckdb-error.js'
import { checkPlainExpression } from '../planner/plain-expression.js'
import { list, node, nodesOf, type PlanNode, planOf } from '../planner/plan-json.js'
import { isUsersMistake, planError } from '../planner/plan-query.js'
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
  /** Whether it gives the same answer for a row at any time. */
  readonly isConstant: boolean
}

/** @throws InvalidPredicate for what is no condition, or gives another answer each time; UnknownColumn, AmbiguousColumn */
export async function parseCondition(scope: ExpressionScope, text: string): Promise<ParsedExpression> {
  const context: ErrorContext = { sqlCode: 'InvalidPredicate', what: `The condition ${shown(text)} is not valid` }
  const { isCondition, ...parsed } = await parseExpression(scope, text, context)
  if (isCondition) return parsed
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
export async function parseValue(scope: ExpressionScope, column: string, text: string): Promise<ParsedExpression> {
  const context = {
    sqlCode: 'InvalidArgument',
    what: `The value ${shown(text)} for column ${column} is not valid`,
  } as const
  const { isCondition: _, ...parsed } = await parseExpression(scope, text, context)
  return parsed
}

/** @returns with it whether its plan says that it is true or false: constants, and what has no plan, do not tell */
async function parseExpression(
  scope: ExpressionScope,
  text: string,
  context: ErrorContext,
): Promise<ParsedExpression & { readonly isCondition: boolean }> {
  const { connection, columns } = scope
  const { text: sql, syntax } = await quoteColumns(connection, text, columns, context, (part) => complete(scope, part))
  const statement = checkSelect(syntax, context)
  checkPlainExpression(statement, context)
  const answer = await planOf(connection, complete(scope, sql), context)
  if ('failure' in answer && isUsersMistake(answer.failure)) throw planError(answer.failure, context)
  const isCondition = 'plan' in answer && isBoolean(node(list(answer.plan.expressions)[0]))
  return { sql, syntax: statement, isConstant: await isConstant(scope, statement, context), isCondition }
}

function isBoolean(expression: PlanNode | undefined): boolean {
  const kind = expression?.expression_class
  return kind === 'BOUND_COMPARISON' || kind === 'BOUND_CONJUNCTION' || node(expression?.return_type)?.id === 'BOOLEAN'
}

/** Whether an expression asks for the time or the session. A condition that is drawn by lot is refused: it is asked more than once. */
async function isConstant({ connection }: ExpressionScope, syntax: PlanNode, context: ErrorContext): Promise<boolean> {
  const nodes = [...nodesOf(syntax)]
  const names = nodes.flatMap((found) => (found.class === 'FUNCTION' ? [String(found.function_name)] : []))
  // Operators always say the same; `current_date` and its like look like columns.
  const columns = nodes.flatMap((found) => (found.class === 'COLUMN_REF' ? list(found.column_names).map(String) : []))
  const asked = [
    ...names.filter((name) => /^\w/.test(name)),
    ...columns.filter((name) => /^(current|local)/i.test(name)),
  ]
  if (asked.length === 0) return true
  const texts = asked.map((name) => quoteText(name.toLowerCase())).join(', ')
  const sql = `SELECT function_name, stability FROM duckdb_functions() WHERE stability <> 'CONSISTENT' AND function_name IN (${texts})`
  const found = await runStatement(connection, sql, context)
  const drawn = found.find(({ stability }) => stability === 'VOLATILE')
  if (drawn !== undefined && context.sqlCode === 'InvalidPredicate') {
    throw new DeltaError(
      'InvalidPredicate',
      `${context.what}: ${String(drawn.function_name)}() gives another answer each time. Use what stands in the rows.`,
    )
  }
  return found.length === 0
}

/** The line break ends a comment that the text may end with. */
function complete({ tables }: ExpressionScope, expression: string): string {
  return `SELECT (${expression}\n) FROM ${tables.map(quoteIdentifier).join(', ')}`
}

function shown(sql: string): string {
  return sql.length > 200 ? `${sql.slice(0, 200)}...` : sql
}
