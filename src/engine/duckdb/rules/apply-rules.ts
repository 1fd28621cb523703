import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { nextIdentity } from '../../../protocol/rules/identity-column.js'
import type { CompiledColumn, CompiledRules } from './compile-rules.js'

/** What the statement of {@link applyRules} fails with where a row breaks a rule, with the rule's position in `checks`. */
export const RULE_BROKEN: RegExp = /lakewright rule (\d+) is broken/

/**
 * The rows of a relation with their computed columns filled in where a row brings no value; the statement fails with {@link RULE_BROKEN} at a row that breaks a rule. Values of identity
 * columns follow the order of the relation.
 * @param relation a SELECT of the table's columns under their logical names, of the columns of `givenColumns`, which do not come out, and of any others
 */
export function applyRules(relation: string, compiled: CompiledRules): string {
  const flags = [...compiled.givenColumns.values()].map(quoteIdentifier)
  const columns = flags.length === 0 ? '*' : `* EXCLUDE (${flags.join(', ')})`
  const cases = compiled.checks.map(
    ({ condition }, i) => `WHEN ${condition} IS NOT TRUE THEN error('lakewright rule ${i} is broken')`,
  )
  const where = cases.length === 0 ? '' : ` WHERE CASE ${cases.join(' ')} ELSE TRUE END`
  return `SELECT ${columns} FROM (${computed(relation, compiled)})${where}`
}

/** The rows of a relation as {@link applyRules} takes it, with their computed columns. */
export function computed(relation: string, compiled: CompiledRules): string {
  const { defaults, generated, givenColumns } = compiled
  const given = (column: string): string => quoteIdentifier(givenColumns.get(column) as string)
  const choice = ({ column, sql }: Pick<CompiledColumn, 'column' | 'sql'>): string => {
    const name = quoteIdentifier(column)
    return `CASE WHEN ${given(column)} THEN ${name} ELSE ${sql} END AS ${name}`
  }
  const identities = compiled.rules.identities.map((identity) => {
    const count = `CAST(sum(CAST(NOT ${given(identity.column)} AS BIGINT)) OVER (ROWS UNBOUNDED PRECEDING) AS BIGINT)`
    const sql = `CAST('${nextIdentity(identity)}' AS BIGINT) + CAST('${identity.step}' AS BIGINT) * (${count} - 1)`
    return choice({ column: identity.column, sql })
  })
  return [defaults.map(choice), identities, generated.map(choice)].reduce(
    (from, replaced) => (replaced.length === 0 ? from : `SELECT * REPLACE (${replaced.join(', ')}) FROM (${from})`),
    relation,
  )
}

/** Over rows with their computed columns: the position in `checks` of the first rule that a row breaks, NULL where it breaks none. */
export function brokenRuleSql({ checks }: CompiledRules): string {
  const cases = checks.map(({ condition }, i) => `WHEN TRY(${condition}) IS NOT TRUE THEN ${i}`)
  return `CAST(${cases.length === 0 ? 'NULL' : `CASE ${cases.join(' ')} END`} AS INTEGER)`
}
