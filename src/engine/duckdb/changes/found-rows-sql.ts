import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { ParsedRowChange, RowClause } from '../../row-change.js'
import type { RowsWhere } from '../table/table-sql.js'
import type { ChangeRelations } from './change-relations.js'

/** How rows of the table are joined with those of the source. */
interface JoinWay {
  /** Whether the source is what the join should hold in memory, not the table. */
  readonly keepsSource: boolean
  /** The columns to join by before the whole condition is asked. */
  readonly leadingKey?: ParsedRowChange['keys'][number] | undefined
  /** For a change without a source. */
  readonly rowsWhere?: RowsWhere | undefined
}

/** The statements that make the table of rows found. */
export function foundRowsSql(
  change: ParsedRowChange,
  names: ChangeRelations,
  { keepsSource, leadingKey, rowsWhere }: JoinWay,
): string[] {
  const { target, source, found, file, row, sourceRow, foundFile, foundRow, foundSource, clause } = names
  const columns = (sourceOf: string, applied: string): string =>
    `${target}.${file} AS ${foundFile}, ${target}.${row} AS ${foundRow}, ${sourceOf} AS ${foundSource}, ${applied} AS ${clause}`
  const create = `CREATE TEMP TABLE ${found} AS `
  const matched = appliedClause(change.clauses, 'matched')
  if (change.source === undefined) {
    const where = anyCondition(change.clauses, 'matched')
    return [`${create}SELECT ${columns('CAST(NULL AS BIGINT)', matched)} FROM ${rowsFrom(rowsWhere, target, where)}`]
  }
  const statements = [
    `${create}SELECT ${columns(`${source}.${sourceRow}`, matched)} FROM ${keepsSource ? `${target} JOIN ${source}` : `${source} JOIN ${target}`} ON ${joinCondition(change, names, leadingKey)}`,
  ]
  if (change.clauses.some(({ rows }) => rows === 'notMatchedBySource')) {
    const where = anyCondition(change.clauses, 'notMatchedBySource')
    const unmatched = `${target} ANTI JOIN ${found} ON ${target}.${file} = ${found}.${foundFile} AND ${target}.${row} = ${found}.${foundRow}`
    statements.push(
      `INSERT INTO ${found} SELECT ${columns('NULL', appliedClause(change.clauses, 'notMatchedBySource'))} FROM ${unmatched}${where === undefined ? '' : ` WHERE ${where}`}`,
    )
  }
  return statements
}

/** FROM and WHERE of the rows of the table for which a condition holds. */
export function rowsFrom(rows: RowsWhere | undefined, target: string, condition: string | undefined): string {
  if (rows !== undefined) return rows.from(condition)
  return `${target}${condition === undefined ? '' : ` WHERE ${condition}`}`
}

/** The line break ends a comment that the text may end with. */
function joinCondition({ on = 'TRUE' }: ParsedRowChange, names: ChangeRelations, key: JoinWay['leadingKey']): string {
  if (key === undefined) return `(${on}\n)`
  const leads = `${names.target}.${quoteIdentifier(key.target)} = ${names.source}.${quoteIdentifier(key.source)}`
  // As a CASE it is asked of the pairs that were found, and not joined by.
  return `${leads} AND CASE WHEN (${on}\n) THEN TRUE ELSE FALSE END`
}

/** The position of the first clause of a kind whose condition is true, null where there is none. */
function appliedClause(clauses: readonly RowClause[], rows: RowClause['rows']): string {
  const cases = clauses.flatMap((clause, i) => (clause.rows === rows ? [`WHEN ${truth(clause)} THEN ${i}`] : []))
  return cases.length === 0 ? 'CAST(NULL AS TINYINT)' : `CAST(CASE ${cases.join(' ')} END AS TINYINT)`
}

/** Undefined where every row has a clause. */
function anyCondition(clauses: readonly RowClause[], rows: RowClause['rows']): string | undefined {
  const some = clauses.filter((clause) => clause.rows === rows)
  if (some.some(({ condition }) => condition === undefined)) return undefined
  return some.map((clause) => truth(clause)).join(' OR ')
}

/** When a clause applies and none of its kind before it does. */
export function effectiveCondition(clauses: readonly RowClause[], position: number): string | undefined {
  const { rows, condition } = clauses[position] as RowClause
  const before = clauses.slice(0, position).filter((clause) => clause.rows === rows)
  const parts = [
    ...(condition === undefined ? [] : [`(${condition}\n)`]),
    ...before.map((clause) => `NOT coalesce(${truth(clause)}, FALSE)`),
  ]
  return parts.length === 0 ? undefined : parts.join(' AND ')
}

/** The line break ends a comment that the text may end with. */
function truth({ condition }: RowClause): string {
  return condition === undefined ? 'TRUE' : `(${condition}\n)`
}
