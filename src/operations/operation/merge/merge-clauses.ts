import type { ColumnValue, RowClause } from '../../../engine/row-change.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { fieldNamed } from '../../../schema/field-named.js'
import { setValues } from '../row-change/set-values.js'
import { type AllColumns, isAllColumns, type MergeClause } from './merge-clause.js'
import { mergeCondition } from './merge-condition.js'
import type { MergeNames } from './merge-names.js'
import { updatedSql } from './updated-sql.js'

/**
 * The clauses of a merge in SQL.
 *
 * @throws InvalidArgument where there is none, or one that can never apply; UnknownColumn, AmbiguousColumn, SchemaMismatch
 */
export function mergeClauses(clauses: readonly MergeClause[], names: MergeNames): RowClause[] {
  if (clauses.length === 0) {
    throw new DeltaError('InvalidArgument', 'The merge does nothing: say what happens to rows that match, or do not.')
  }
  for (const rows of ['matched', 'notMatched', 'notMatchedBySource'] as const) {
    const some = clauses.filter((clause) => clause.rows === rows)
    const always = some.findIndex(({ condition }) => condition === undefined)
    if (always >= 0 && always < some.length - 1) {
      throw new DeltaError(
        'InvalidArgument',
        `A clause of the merge can never apply: the one before it applies to all rows that are ${rows}. Give that one a condition, or put it last.`,
      )
    }
  }
  return clauses.map((clause) => sqlClause(clause, names))
}

function sqlClause(clause: MergeClause, names: MergeNames): RowClause {
  const condition =
    clause.condition === undefined ? {} : { condition: mergeCondition(clause.condition, clause.rows, names) }
  const { target, targetSchema } = names
  if (clause.rows === 'notMatched') {
    const { rows, action, values } = clause
    const given = isAllColumns(values) ? allColumns(values, names) : setValues(values, targetSchema, undefined)
    return { rows, action, values: given, ...condition }
  }
  const { rows } = clause
  if (clause.action === 'delete') return { rows, action: 'delete', ...condition }
  const { set } = clause
  const values = isAllColumns(set) ? allColumns(set, names, target) : setValues(set, targetSchema, target)
  return { rows, action: 'update', values, ...condition }
}

/** What the source has of the table's columns. @param target what the table is called, where fields of structs that the source lacks keep their value */
function allColumns(
  { except = [] }: AllColumns,
  { targetSchema, source, sourceSchema }: MergeNames,
  target?: string,
): ColumnValue[] {
  const left = new Set(except.map((name) => name.toLowerCase()))
  const values = targetSchema.fields.flatMap(({ name, dataType }) => {
    const own = fieldNamed(sourceSchema, name)
    if (own === undefined || left.has(name.toLowerCase())) return []
    const given = { sql: `${quoteIdentifier(source)}.${quoteIdentifier(own.name)}`, type: own.dataType }
    const kept = target && { sql: `${quoteIdentifier(target)}.${quoteIdentifier(name)}`, type: dataType }
    const sql = kept ? updatedSql(given, kept) : given.sql
    return [{ column: name, sql, isPlain: true, ...(sql === given.sql && { isSource: true }) }]
  })
  if (values.length > 0) return values
  throw new DeltaError(
    'InvalidArgument',
    `The source has no column of the table: it has ${sourceSchema.fields.map(({ name }) => name).join(', ') || 'none'}. Name the columns and their values.`,
  )
}
