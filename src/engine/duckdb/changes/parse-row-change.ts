import type { Predicate } from '../../../expressions/predicate.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructType } from '../../../schema/data-type.js'
import type { ParsedRowChange, RowChangeText, RowClause } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import { planOf } from '../planner/plan-json.js'
import type { Planner } from '../planner/planner.js'
import { columnNames } from '../planner/quote-columns.js'
import { type TableNeeds, tableNeeds } from '../planner/table-needs.js'
import { countConditions, equalKeys } from './equal-keys.js'
import { mentionedColumns } from './mentioned-columns.js'
import { type ExpressionScope, type ParsedExpression, parseCondition, parseValue } from './parse-expression.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidPredicate', what: 'The change is not valid' }

/** See {@link QueryEngine.parseRowChange}. */
export async function parseRowChange(planner: Planner, text: RowChangeText): Promise<ParsedRowChange> {
  const { target, schema, source } = text
  const schemas = new Map([[target, schema], ...(source === undefined ? [] : [[source.name, source.schema] as const])])
  return planner.withTables(schemas, async (connection) => {
    await planner.chooseRewrites(connection, 'expressions')
    const scope = (names: readonly string[]): ExpressionScope => ({
      connection,
      tables: names,
      columns: names.flatMap((name) => columnNames(schemas.get(name) as StructType)),
    })
    const both = scope([...schemas.keys()])
    const on = text.on === undefined ? undefined : await parseCondition(both, text.on)
    const parsed: ParsedSql[] = on === undefined ? [] : [on]
    const conditions: ParsedExpression[] = on === undefined ? [] : [on]
    const conditionColumns = new Set<string>()
    const clauses: RowClause[] = []
    for (const clause of text.clauses) {
      const seen = scopeOf(clause, both, scope, text)
      const condition = clause.condition === undefined ? undefined : await parseCondition(seen, clause.condition)
      if (condition !== undefined) {
        parsed.push(condition)
        conditions.push(condition)
        for (const name of mentionedColumns(condition.syntax, target, schema)) conditionColumns.add(name)
      }
      clauses.push(await parseClause(seen, clause, condition, parsed))
    }
    await planner.chooseRewrites(connection, 'columns')
    const needs = await needsOf([
      ...computed(parsed),
      ...keptColumns(text),
      // DuckDB fails to plan where a table is named and not read.
      ...(source?.schema.fields
        .slice(0, 1)
        .map(({ name }) => `${quoteIdentifier(source.name)}.${quoteIdentifier(name)}`) ?? []),
    ])
    const readsTarget: boolean[] = []
    for (const clause of clauses) readsTarget.push(await readsColumns(clause))
    const keys = on === undefined ? [] : equalKeys(on.syntax, text)
    // Equal keys ask nothing of the table alone.
    const asksMore = on !== undefined && keys.length < countConditions(on.syntax)
    const targetCondition = asksMore ? await pushedDown(on) : undefined
    return {
      ...text,
      ...(on && { on: on.sql }),
      clauses,
      columns: needs.get(target)?.columns ?? new Set(),
      conditionColumns,
      readsTarget,
      repeatable: conditions.every(({ isConstant }) => isConstant),
      valuesRepeatable: parsed.every(({ isConstant }) => isConstant !== false),
      ...(targetCondition && { targetCondition }),
      keys,
    }

    async function needsOf(expressions: readonly string[]): Promise<ReadonlyMap<string, TableNeeds>> {
      const from = [...schemas.keys()].map(quoteIdentifier).join(', ')
      const answer = await planOf(connection, `SELECT ${expressions.join(', ') || 1} FROM ${from}`, CONTEXT)
      if ('plan' in answer) return tableNeeds(answer.plan)
      // What cannot be told may be every column.
      return new Map([[target, { columns: new Set(schema.fields.map(({ name }) => name)) }]])
    }

    async function readsColumns(clause: RowClause): Promise<boolean> {
      if (clause.action !== 'update') return false
      if (clause.values.length < schema.fields.length || source === undefined) return true
      // What needs nothing of the table can be said without it.
      const values = computed(clause.values)
      if (values.length === 0) return false
      const answer = await planOf(
        connection,
        `SELECT ${values.join(', ')} FROM ${quoteIdentifier(source.name)}`,
        CONTEXT,
      )
      return 'failure' in answer
    }

    async function pushedDown({ sql }: ParsedExpression): Promise<Predicate | undefined> {
      await planner.chooseRewrites(connection, 'pushdown')
      const from = [...schemas.keys()].map(quoteIdentifier).join(', ')
      const answer = await planOf(connection, `SELECT * FROM ${from} WHERE (${sql}\n)`, CONTEXT)
      return 'plan' in answer ? tableNeeds(answer.plan).get(target)?.predicate : undefined
    }
  })
}

/** A condition, or a value; of values that are plain nothing more is known, and they say the same at any time. */
interface ParsedSql {
  readonly sql: string
  readonly isConstant?: boolean
  readonly isSource?: boolean
}

/** What may need the table: all but columns of the source as they are. */
function computed(parsed: readonly ParsedSql[]): string[] {
  return parsed.filter(({ isSource }) => isSource !== true).map(({ sql }) => `(${sql}\n)`)
}

/** The tables that a clause may speak of. */
function scopeOf(
  { rows }: RowClause,
  both: ExpressionScope,
  scope: (names: readonly string[]) => ExpressionScope,
  { target, source }: RowChangeText,
): ExpressionScope {
  if (rows === 'notMatchedBySource') return scope([target])
  return rows === 'notMatched' && source !== undefined ? scope([source.name]) : both
}

async function parseClause(
  scope: ExpressionScope,
  clause: RowClause,
  condition: ParsedExpression | undefined,
  parsed: ParsedSql[],
): Promise<RowClause> {
  const texts = condition === undefined ? {} : { condition: condition.sql }
  if (clause.action === 'delete') return { ...clause, ...texts }
  const values = []
  for (const each of clause.values) {
    const value = each.isPlain ? each : await parseValue(scope, each.column, each.sql)
    parsed.push(value)
    values.push({ ...each, sql: value.sql })
  }
  return { ...clause, ...texts, values }
}

/** Columns that updates leave as they are: their values move with the row. */
function keptColumns({ target, schema, clauses }: RowChangeText): string[] {
  const kept = new Set<string>()
  for (const clause of clauses) {
    if (clause.action !== 'update') continue
    const set = new Set(clause.values.map(({ column }) => column))
    for (const { name } of schema.fields) if (!set.has(name)) kept.add(name)
  }
  return [...kept].map((name) => `${quoteIdentifier(target)}.${quoteIdentifier(name)}`)
}
