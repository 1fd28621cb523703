import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { lastIdentity } from '../../../protocol/rules/identity-column.js'
import { acceptedSchema } from '../../../protocol/rules/row-rules.js'
import type { StructType } from '../../../schema/data-type.js'
import type { AppliedRules } from '../../applied-rules.js'
import { applyRules, RULE_BROKEN } from '../rules/apply-rules.js'
import { type CompiledRules, compileRules } from '../rules/compile-rules.js'
import { evaluationFailed } from '../rules/rule-error.js'
import { brokenRule } from './broken-rule.js'
import type { LoadSource } from './load-source.js'

/** The rules of a table for the rows of files. A column is given by the files of a source that have it. */
export class LoadRules {
  /** The schema that files may have: computed columns may be missing. */
  readonly accepted: StructType
  readonly #applied: AppliedRules
  readonly #compiled: CompiledRules

  constructor(applied: AppliedRules, schema: StructType) {
    this.accepted = acceptedSchema(schema, applied.rules)
    this.#applied = applied
    this.#compiled = compileRules(applied.rules, schema, BigInt(applied.now) * 1000n)
  }

  /** Columns for the SELECT of a source that say which computed columns it has. */
  given(source: LoadSource): readonly string[] {
    return [...this.#compiled.givenColumns].map(
      ([column, name]) => `${hasColumn(source, column) ? 'TRUE' : 'FALSE'} AS ${quoteIdentifier(name)}`,
    )
  }

  /** @throws InvalidInput for a source with values of a column that writers alone number */
  checkGiven(sources: readonly LoadSource[]): void {
    for (const { column, allowExplicitInsert } of this.#applied.rules.identities) {
      const source = allowExplicitInsert ? undefined : sources.find((each) => hasColumn(each, column))
      if (source === undefined) continue
      const path = String(source.files[0])
      throw new DeltaError(
        'InvalidInput',
        `Column ${column} is GENERATED ALWAYS AS IDENTITY: its values are given by the writer, and ${path} has some. Leave the column out.`,
        { details: { column, path } },
      )
    }
  }

  select(rows: string): string {
    return applyRules(rows, this.#compiled)
  }

  /** What a failed load says of the rules; undefined where it failed for another reason. */
  async explain(
    error: unknown,
    connection: DuckDBConnection,
    sources: readonly LoadSource[],
    target: WriteTarget,
    signal: AbortSignal | undefined,
  ): Promise<DeltaError | undefined> {
    if (!RULE_BROKEN.test(errorText(error))) return evaluationFailed(error)
    return brokenRule(connection, this.#compiled, { sources, target, rules: this, signal })
  }

  /** Tells how far identity columns got: beyond the last value, if some files have values of their own and others not. */
  numbered(sources: readonly LoadSource[], written: readonly WrittenFile[]): void {
    const rows = written.reduce((sum, { numRows }) => sum + BigInt(numRows), 0n)
    for (const identity of this.#applied.rules.identities) {
      if (rows === 0n || sources.every((source) => hasColumn(source, identity.column))) continue
      this.#applied.give(identity.column, lastIdentity(identity, rows))
    }
  }
}

function hasColumn({ columns }: LoadSource, name: string): boolean {
  return columns.some((column) => column.name.toLowerCase() === name.toLowerCase())
}
