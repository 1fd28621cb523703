import type { DuckDBConnection } from '@duckdb/node-api'
import { parseJson } from '../../../schema/lossless-json.js'
import type { ErrorContext } from '../duckdb-error.js'
import { runStatement } from '../run-statement.js'

/** A node of DuckDB's serialised plans and syntax trees: what a node has depends on its `type`. */
export type PlanNode = { readonly [name: string]: PlanValue }
export type PlanValue = null | boolean | number | bigint | string | readonly PlanValue[] | PlanNode | undefined

/** DuckDB's own account of why a text has no plan. */
export interface PlanFailure {
  readonly error_type: string
  readonly error_message: string
  readonly error_subtype?: string
  /** The unknown name, where `error_subtype` is COLUMN_NOT_FOUND. */
  readonly name?: string
  /** Where in the text, in code points, for errors of the parser. */
  readonly position?: string
  /** Names like it, separated by commas. */
  readonly candidates?: string
}

/** The logical plan of a SELECT, or why there is none. */
export async function planOf(
  connection: DuckDBConnection,
  sql: string,
  context: ErrorContext,
): Promise<{ readonly plan: PlanNode } | { readonly failure: PlanFailure }> {
  const answer = await ask(connection, 'json_serialize_plan($1::VARCHAR, optimize := true)', sql, context)
  const [plan] = list(answer.plans)
  return answer.error === false && plan !== undefined
    ? { plan: plan as PlanNode }
    : { failure: answer as unknown as PlanFailure }
}

/** The syntax trees of the statements of a text, all of them SELECTs, or why there are none. */
export type Syntax = { readonly statements: readonly PlanNode[] } | { readonly failure: PlanFailure }

export async function syntaxOf(connection: DuckDBConnection, sql: string, context: ErrorContext): Promise<Syntax> {
  const answer = await ask(connection, 'json_serialize_sql($1::VARCHAR)', sql, context)
  return answer.error === false
    ? { statements: list(answer.statements) as readonly PlanNode[] }
    : { failure: answer as unknown as PlanFailure }
}

export function list(value: PlanValue): readonly PlanValue[] {
  return Array.isArray(value) ? value : []
}

export function node(value: PlanValue): PlanNode | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlanNode) : undefined
}

/** Every node below a value, itself included, parents first. */
export function* nodesOf(value: PlanValue): Generator<PlanNode> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as PlanNode
  for (const child of Object.values(value)) yield* nodesOf(child as PlanValue)
}

async function ask(connection: DuckDBConnection, call: string, sql: string, context: ErrorContext): Promise<PlanNode> {
  const [row] = await runStatement(connection, `SELECT ${call} AS answer`, context, { values: [sql] })
  return parseJson(quoteNonNumbers(String(row?.answer))) as PlanNode
}

/** DuckDB prints NaN and infinities bare. In a JSON string the quotes before `value` would be escaped, so nothing else matches. */
function quoteNonNumbers(json: string): string {
  return json.replaceAll(/(?<!\\)"value":(-?(?:nan|inf|infinity))(?=[,}])/gi, '"value":"$1"')
}
