import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructField } from '../../../schema/data-type.js'
import { typeText } from '../../../schema/type-text.js'
import type { ColumnValue, ParsedRowChange, RowClause } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { Check } from '../load/conversion.js'
import { columnsOf } from '../load/load-source.js'
import { runStatement } from '../run-statement.js'
import type { RowsWhere } from '../table/table-sql.js'
import { typeSql } from '../type-sql.js'
import { assign } from './assign.js'
import type { ChangeRelations } from './change-relations.js'
import type { ChangeRules } from './change-rules.js'
import { effectiveCondition, rowsFrom } from './found-rows-sql.js'

/** A value that must hold for a new row to fit the table, and the rows that it is about. */
interface NewRowCheck {
  readonly check: Check
  /** Rows as the statement that failed saw them. */
  readonly from: string
}

/** New rows as SELECTs of the table's columns, with those of row tracking behind them, by clause. */
export interface NewRows {
  readonly selects: readonly { readonly position: number; readonly sql: string }[]
  readonly checks: readonly NewRowCheck[]
}

/** From so many changed rows on they are written clause by clause, into files of their own: what one statement joins for all clauses it holds at the same time. */
export const MANY_ROWS = 1_000_000

/** What errors of DuckDB mean while rows are changed. */
export const CHANGE_CONTEXT: ErrorContext = { sqlCode: 'InvalidArgument', what: 'The rows cannot be changed' }

interface NewRowsOptions {
  /** Columns of row tracking: the row's id, and its version, which is the new one for each changed row. */
  readonly hidden: { readonly rowId: string | undefined; readonly all: readonly string[] }
  /** The clauses whose pairs of rows are better matched anew than looked up. */
  readonly matchedAnew: ReadonlySet<number>
  /** Whether rows of two clauses may come as one, no matter which clause each is of. */
  readonly mayUnite: boolean
  /** Whether each row of the source matches one of the table at most, and a clause applies to each pair. */
  readonly matchedOnce: boolean
  /** For a change without a source. */
  readonly rowsWhere?: RowsWhere | undefined
  /** Further columns of rows that are updated, behind all others. */
  readonly carried?: readonly CarriedColumn[]
  readonly rules?: ChangeRules | undefined
}

/** A column that is not the table's, as SQL over its rows. Its name is quoted. */
export interface CarriedColumn {
  readonly name: string
  readonly sql: string
}

export async function newRowsSql(
  connection: DuckDBConnection,
  change: ParsedRowChange,
  names: ChangeRelations,
  { hidden, matchedAnew, mayUnite, matchedOnce, rowsWhere, carried = [], rules }: NewRowsOptions,
): Promise<NewRows> {
  const checks: NewRowCheck[] = []
  const selects: { position: number; sql: string }[] = []
  const united = mayUnite && hidden.all.length === 0 ? unitedClauses(change) : undefined
  for (const [position, clause] of change.clauses.entries()) {
    if (clause.action === 'delete' || position === united?.inserted) continue
    const values = valuesOf(change, clause, names)
    const tracked = hidden.all.map((name): CarriedColumn => {
      const kept = clause.action === 'update' && name === hidden.rowId
      const quoted = quoteIdentifier(name)
      return { name: quoted, sql: kept ? `${names.target}.${quoted}` : 'CAST(NULL AS BIGINT)' }
    })
    const behind = [...tracked, ...carried]
    const expressions = [...values, ...behind].map(({ sql }, i) => `${sql} AS v${i}`)
    const readsTarget = change.readsTarget[position] === true || hidden.all.length > 0
    const from =
      position === united?.updated
        ? unitedRows(change, united, names, matchedOnce)
        : readsTarget && matchedAnew.has(position)
          ? matchedRows(change, position, names)
          : rowsOf(change, position, names, { needsTarget: readsTarget, rowsWhere })
    const raw = `SELECT ${expressions.join(', ')} FROM ${from}`
    const types = await columnsOf(connection, `(${raw})`, CHANGE_CONTEXT)
    const columns = values.map(({ field, given }, i) => {
      const name = quoteIdentifier(field.name)
      if (!given) return `v${i} AS ${name}`
      const { value, checks: own } = assign(`v${i}`, (types[i] as (typeof types)[number]).type, field)
      const cases = own.map((check) => {
        checks.push({ check, from: raw })
        return `WHEN ${check.condition} THEN error('lakewright check ${checks.length - 1}')`
      })
      return `${cases.length === 0 ? value : `CASE ${cases.join(' ')} ELSE ${value} END`} AS ${name}`
    })
    const ids = behind.map(({ name }, i) => `v${values.length + i} AS ${name}`)
    const given = rules?.given(clause) ?? []
    selects.push({ position, sql: `SELECT ${[...columns, ...ids, ...given].join(', ')} FROM (${raw})` })
  }
  return { selects, checks }
}

interface Value {
  readonly field: StructField
  readonly sql: string
  /** False for values that stood in the table. */
  readonly given: boolean
}

function valuesOf(
  { schema }: ParsedRowChange,
  clause: Exclude<RowClause, { action: 'delete' }>,
  names: ChangeRelations,
): Value[] {
  const given = new Map<string, ColumnValue>(clause.values.map((value) => [value.column, value]))
  return schema.fields.map((field) => {
    const value = given.get(field.name)
    if (value !== undefined) {
      // A null by itself would have the type INTEGER.
      const sql = value.sql === 'NULL' ? `CAST(NULL AS ${typeSql(field.dataType)})` : `(${value.sql}\n)`
      return { field, sql, given: true }
    }
    if (clause.action === 'update')
      return { field, sql: `${names.target}.${quoteIdentifier(field.name)}`, given: false }
    return { field, sql: `CAST(NULL AS ${typeSql(field.dataType)})`, given: true }
  })
}

/** FROM and WHERE of the rows that a clause applies to. */
export function rowsOf(
  change: ParsedRowChange,
  position: number,
  names: ChangeRelations,
  {
    needsTarget = true,
    rowsWhere,
  }: { readonly needsTarget?: boolean; readonly rowsWhere?: RowsWhere | undefined } = {},
): string {
  const { rows, action } = change.clauses[position] as RowClause
  const { target, source, found } = names
  const applied = `${found}.${names.clause} = ${position}`
  if (action === 'insert') {
    const condition = effectiveCondition(change.clauses, position)
    const unmatched = `${source} ANTI JOIN ${found} ON ${source}.${names.sourceRow} = ${found}.${names.foundSource}`
    return `${unmatched}${condition === undefined ? '' : ` WHERE ${condition}`}`
  }
  if (change.source === undefined && change.repeatable) {
    // Asked again, the condition leaves out what a join would read in vain.
    return rowsFrom(rowsWhere, target, effectiveCondition(change.clauses, position))
  }
  const wasFound = `${target}.${names.file} = ${found}.${names.foundFile} AND ${target}.${names.row} = ${found}.${names.foundRow}`
  const wasMatched = `${source}.${names.sourceRow} = ${found}.${names.foundSource}`
  const isMerged = rows === 'matched' && change.source !== undefined
  // What is joined with is kept in memory: the rows found, and the source only where it has to be.
  if (!needsTarget) return `${isMerged ? `${source} JOIN ${found} ON ${wasMatched}` : found} WHERE ${applied}`
  return `${target} JOIN ${found} ON ${wasFound}${isMerged ? ` JOIN ${source} ON ${wasMatched}` : ''} WHERE ${applied}`
}

/** The same rows for a clause of rows that match, by the condition of the change: where they are many, that keeps the source in memory, and not what was found beside it. */
function matchedRows(change: ParsedRowChange, position: number, { target, source }: ChangeRelations): string {
  const condition = effectiveCondition(change.clauses, position)
  return `${target} JOIN ${source} ON (${change.on ?? 'TRUE'}\n)${condition === undefined ? '' : ` WHERE ${condition}`}`
}

/** The positions of a clause that updates rows that match, and of one that inserts rows that match none. */
interface UnitedClauses {
  readonly updated: number
  readonly inserted: number
}

/** Two clauses that make the same of a row of the source: the usual upsert. Then one pass over the source does for both. */
function unitedClauses({ clauses, readsTarget }: ParsedRowChange): UnitedClauses | undefined {
  const updated = clauses.findIndex(({ rows, action }) => rows === 'matched' && action === 'update')
  const inserted = clauses.findIndex(({ action }) => action === 'insert')
  const [update, insert] = [clauses[updated], clauses[inserted]]
  if (update?.action !== 'update' || insert?.action !== 'insert' || readsTarget[updated] === true) return undefined
  const same = update.values.every(({ column, sql, isSource }, i) => {
    return isSource === true && insert.values[i]?.column === column && insert.values[i].sql === sql
  })
  return same && update.values.length === insert.values.length ? { updated, inserted } : undefined
}

/** Whether each row of the source becomes one row of the table, where none matches several. */
export function takesWholeSource(change: ParsedRowChange): boolean {
  const { clauses } = change
  const united = unitedClauses(change)
  if (united === undefined || clauses[united.updated]?.condition !== undefined) return false
  const isOnly = clauses.every(({ rows }, i) => i === united.updated || rows !== 'matched')
  return isOnly && effectiveCondition(clauses, united.inserted) === undefined
}

function unitedRows(
  change: ParsedRowChange,
  { updated, inserted }: UnitedClauses,
  { source, sourceRow, found, foundSource, clause }: ChangeRelations,
  matchedOnce: boolean,
): string {
  // Each row of the source is updated with or inserted, and needs no join to tell.
  if (matchedOnce && takesWholeSource(change)) return source
  const condition = effectiveCondition(change.clauses, inserted)
  const isNew = `${found}.${foundSource} IS NULL${condition === undefined ? '' : ` AND (${condition}\n)`}`
  return `${source} LEFT JOIN ${found} ON ${source}.${sourceRow} = ${found}.${foundSource} WHERE ${found}.${clause} = ${updated} OR (${isNew})`
}

const SHOWN_CHARACTERS = 200

const CHECK_FAILED = /lakewright check (\d+)/

/** What a statement that failed says of new rows: the first one that a check finds bad, as an error. Undefined where it failed for another reason. */
export async function explainedBadRow(
  connection: DuckDBConnection,
  { checks }: NewRows,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<DeltaError | undefined> {
  const failed = checks[Number(CHECK_FAILED.exec(errorText(error))?.[1] ?? -1)]
  if (failed === undefined) return undefined
  const { check, from } = failed
  const { path, problem, expected } = check
  const counted = `SELECT left(CAST(${check.subject} AS VARCHAR), ${SHOWN_CHARACTERS}) AS subject, count(*) OVER () AS bad FROM (${from}) WHERE ${check.condition} LIMIT 1`
  const [row] = await runStatement(connection, counted, CHANGE_CONTEXT, { signal })
  if (row === undefined) return undefined
  const column = path.join('.')
  const got = row.subject === null ? 'null' : JSON.stringify(String(row.subject))
  const expectation = problem === 'null' ? `${typeText(expected)} NOT NULL` : typeText(expected)
  return new DeltaError(
    'SchemaMismatch',
    `Column ${column} would become ${got} in ${String(row.bad)} rows, but it is ${expectation}. Nothing was changed. Change the value, or the schema of the table.`,
    { details: { column, expected: expectation, got, rows: Number(row.bad) } },
  )
}
