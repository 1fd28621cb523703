import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { lastIdentity } from '../../../protocol/rules/identity-column.js'
import type { StructType } from '../../../schema/data-type.js'
import type { AppliedRules } from '../../applied-rules.js'
import type { RowClause } from '../../row-change.js'
import { applyRules, brokenRuleSql, computed, RULE_BROKEN } from '../rules/apply-rules.js'
import { type CompiledCheck, type CompiledRules, compileRules } from '../rules/compile-rules.js'
import { rowText } from '../rules/row-text.js'
import { constraintViolated, evaluationFailed, RULE_CONTEXT } from '../rules/rule-error.js'
import { runStatement } from '../run-statement.js'

type Writing = Exclude<RowClause, { readonly action: 'delete' }>

/** The rules of a table for rows that are updated and inserted. Generated columns are computed anew unless a clause names them; identity columns keep the numbers that rows have. */
export class ChangeRules {
  readonly #applied: AppliedRules
  readonly #compiled: CompiledRules

  /** @throws InvalidArgument for clauses that set what writers alone number */
  constructor(applied: AppliedRules, schema: StructType, clauses: readonly RowClause[]) {
    this.#applied = applied
    this.#compiled = compileRules(applied.rules, schema, BigInt(applied.now) * 1000n)
    for (const clause of clauses) if (clause.action !== 'delete') this.#checkNumbers(clause)
  }

  /** Columns for the SELECT of a clause's rows that say which computed columns they have. */
  given(clause: Writing): readonly string[] {
    const generated = new Set(this.#compiled.generated.map(({ column }) => column))
    const named = new Set(clause.values.map(({ column }) => column))
    return [...this.#compiled.givenColumns].map(([column, name]) => {
      const isGiven = named.has(column) || (clause.action === 'update' && !generated.has(column))
      return `${isGiven ? 'TRUE' : 'FALSE'} AS ${quoteIdentifier(name)}`
    })
  }

  select(rows: string): string {
    return applyRules(rows, this.#compiled)
  }

  /** What a failed statement says of the rules; undefined where it failed for another reason. */
  async explain(
    error: unknown,
    connection: DuckDBConnection,
    rows: string,
    signal: AbortSignal | undefined,
  ): Promise<DeltaError | undefined> {
    if (!RULE_BROKEN.test(errorText(error))) return evaluationFailed(error)
    const { fields } = this.#compiled.schema
    const texts = fields.map(({ name }, i) => `CAST(${quoteIdentifier(name)} AS VARCHAR) AS v${i}`)
    const select = `SELECT ${brokenRuleSql(this.#compiled)} AS rule, ${texts.join(', ')} FROM (${computed(rows, this.#compiled)})`
    const sql = `SELECT *, count(*) OVER () AS n FROM (${select}) WHERE rule IS NOT NULL LIMIT 1`
    const [row] = await runStatement(connection, sql, RULE_CONTEXT, { signal })
    if (row === undefined) return undefined
    return constraintViolated({
      check: this.#compiled.checks[Number(row.rule)] as CompiledCheck,
      row: Object.fromEntries(fields.map(({ name }, i) => [name, rowText(row[`v${i}`] as string)])),
      count: Number(row.n),
    })
  }

  /** Tells how far identity columns got. */
  async numbered(connection: DuckDBConnection, rows: string, signal: AbortSignal | undefined): Promise<void> {
    for (const identity of this.#applied.rules.identities) {
      const given = quoteIdentifier(this.#compiled.givenColumns.get(identity.column) as string)
      const sql = `SELECT count(*) AS n FROM (${rows}) WHERE NOT ${given}`
      const [row] = await runStatement(connection, sql, RULE_CONTEXT, { signal })
      const count = BigInt(String(row?.n ?? 0))
      if (count > 0n) this.#applied.give(identity.column, lastIdentity(identity, count))
    }
  }

  #checkNumbers({ action, values }: Writing): void {
    for (const { column, allowExplicitInsert } of this.#applied.rules.identities) {
      const isAllowed = action === 'insert' && allowExplicitInsert
      if (isAllowed || !values.some((value) => value.column === column)) continue
      throw new DeltaError(
        'InvalidArgument',
        action === 'update'
          ? `Column ${column} numbers the rows of the table: its values cannot be updated. Leave it out.`
          : `Column ${column} is GENERATED ALWAYS AS IDENTITY: its values are given by the writer. Leave it out of what is inserted.`,
        { details: { column } },
      )
    }
  }
}
