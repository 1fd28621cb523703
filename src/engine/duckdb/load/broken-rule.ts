import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget } from '../../../data-files/write-target.js'
import type { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { brokenRuleSql, computed } from '../rules/apply-rules.js'
import type { CompiledCheck, CompiledRules } from '../rules/compile-rules.js'
import { rowText } from '../rules/row-text.js'
import { constraintViolated } from '../rules/rule-error.js'
import { runStatement } from '../run-statement.js'
import { placeOf } from './bad-row.js'
import { LOAD_CONTEXT, type LoadSource } from './load-source.js'
import { type SourceSelectOptions, sourceSelect } from './source-select.js'

const ROW_NUMBER = quoteIdentifier('lakewright row')

interface LoadedRows {
  readonly sources: readonly LoadSource[]
  readonly target: WriteTarget
  readonly rules: NonNullable<SourceSelectOptions['rules']>
  readonly signal: AbortSignal | undefined
}

/** The first row of some sources that breaks a rule, with its place and how many there are; undefined where none is found. */
export async function brokenRule(
  connection: DuckDBConnection,
  compiled: CompiledRules,
  { sources, target, rules, signal }: LoadedRows,
): Promise<DeltaError | undefined> {
  const broken = brokenRuleSql(compiled)
  const all = sources.map((source) => sourceSelect(source, target, { rules })).join('\nUNION ALL\n')
  const counted = `SELECT count(${broken}) AS n FROM (${computed(all, compiled)})`
  const [total] = await runStatement(connection, counted, LOAD_CONTEXT, { signal })
  const texts = compiled.schema.fields.map(({ name }, i) => `CAST(${quoteIdentifier(name)} AS VARCHAR) AS v${i}`)
  for (const source of sources) {
    for (const file of source.files) {
      const from = `(SELECT row_number() OVER () AS ${ROW_NUMBER}, * FROM ${source.from([file])})`
      const rows = computed(sourceSelect(source, target, { rules, from, more: [ROW_NUMBER] }), compiled)
      const sql = `SELECT ${broken} AS rule, ${ROW_NUMBER} AS position, ${texts.join(', ')} FROM (${rows})
        WHERE rule IS NOT NULL ORDER BY position LIMIT 1`
      const [row] = await runStatement(connection, sql, LOAD_CONTEXT, { signal })
      if (row === undefined) continue
      const place = await placeOf(connection, source, file, Number(row.position), signal)
      return constraintViolated({
        check: compiled.checks[Number(row.rule)] as CompiledCheck,
        row: Object.fromEntries(compiled.schema.fields.map(({ name }, i) => [name, rowText(row[`v${i}`] as string)])),
        place: `${file}, ${'line' in place ? `line ${place.line}` : `row ${place.row}`}`,
        count: Number(total?.n),
        details: { path: file, ...place },
      })
    }
  }
  return undefined
}
