import { DeltaError } from '../../../errors/delta-error.js'
import type { ErrorContext } from '../duckdb-error.js'
import { list, node, nodesOf, type PlanNode } from './plan-json.js'

/**
 * Passes if a SELECT is what its writer put around one expression over single rows: the text was not the end of the statement and the beginning
 * of another clause, and has no subquery, window or aggregate.
 *
 * @param context its `what` ends as in `The condition x is not valid`
 */
export function checkPlainExpression(statement: PlanNode, context: ErrorContext): void {
  const select = node(statement.node)
  const isPlain =
    select?.type === 'SELECT_NODE' &&
    ['BASE_TABLE', 'JOIN'].includes(String(node(select.from_table)?.type)) &&
    [select.modifiers, select.group_expressions, select.group_sets, node(select.cte_map)?.map].every(
      (part) => list(part).length === 0,
    ) &&
    [select.having, select.qualify, select.sample].every((part) => part === null || part === undefined)
  if (!isPlain) throw invalid(context, 'it is more than a condition or a value.')
  for (const found of nodesOf(select)) {
    if (found.class === 'SUBQUERY')
      throw invalid(context, 'it has a subquery. Look the values up first and write them out.')
    if (found.class === 'WINDOW')
      throw invalid(context, 'it has a window function, which an expression over single rows cannot have.')
  }
}

function invalid({ sqlCode, what }: ErrorContext, why: string): DeltaError {
  return new DeltaError(sqlCode, `${what}: ${why}`)
}
