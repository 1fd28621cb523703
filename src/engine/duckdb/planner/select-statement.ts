import { DeltaError } from '../../../errors/delta-error.js'
import { type ErrorContext, sentence } from '../duckdb-error.js'
import { DELTA_SCAN } from './delta-scan.js'
import { nodesOf, type PlanNode, type Syntax } from './plan-json.js'

/** Table functions that compute, and our own. Every other one reads files, settings or the catalog. */
const TABLE_FUNCTIONS = new Set([
  DELTA_SCAN,
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'summary',
  'histogram',
  'histogram_values',
])

/** The syntax tree of a text that is exactly one SELECT (or VALUES, FROM, DESCRIBE, SUMMARIZE) that reads nothing but named tables. */
export function checkSelect(syntax: Syntax, context: ErrorContext): PlanNode {
  if ('failure' in syntax) {
    const { error_type, error_message } = syntax.failure
    const why =
      error_type === 'not implemented'
        ? 'only SELECT statements are answered; tables are changed with the commands of lakewright.'
        : sentence(error_message)
    throw new DeltaError(context.sqlCode, `${context.what}: ${why}`, { cause: syntax.failure })
  }
  const [statement, ...others] = syntax.statements
  if (statement === undefined) throw new DeltaError(context.sqlCode, `${context.what}: it is empty.`)
  if (others.length > 0) {
    throw new DeltaError(context.sqlCode, `${context.what}: it has ${others.length + 1} statements, one is allowed.`)
  }
  for (const found of nodesOf(statement)) checkNode(found, context)
  return statement
}

function checkNode(found: PlanNode, context: ErrorContext): void {
  if (found.class === 'PARAMETER') {
    throw new DeltaError(
      context.sqlCode,
      `${context.what}: it has a parameter, which has no value here. Write the value.`,
    )
  }
  if (found.type !== 'TABLE_FUNCTION') return
  const call = found.function as PlanNode | undefined
  const name = String(call?.function_name ?? '').toLowerCase()
  if (TABLE_FUNCTIONS.has(name)) return
  throw new DeltaError(
    context.sqlCode,
    `${context.what}: the table function ${name}() may not be used. A query reads only the tables that are named to it.`,
  )
}
