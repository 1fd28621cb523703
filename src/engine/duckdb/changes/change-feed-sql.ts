import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { CHANGE_TYPE } from '../../../scan/change-columns.js'
import type { StructField } from '../../../schema/data-type.js'
import type { ParsedRowChange } from '../../row-change.js'
import type { ChangeRelations } from './change-relations.js'
import { rowsOf } from './new-rows-sql.js'

/** A SELECT of every row that a change deleted, inserted, or updated (as it was and as it became), with what it was that happened. */
export function changeFeedSql(
  change: ParsedRowChange,
  names: ChangeRelations,
): { readonly sql: string; readonly field: StructField } {
  const columns = change.schema.fields.map(({ name }) => quoteIdentifier(name))
  const select = (relation: string, type: string, from: string): string =>
    `SELECT ${columns.map((column) => `${relation}.${column}`).join(', ')}, '${type}' AS ${quoteIdentifier(CHANGE_TYPE.name)} FROM ${from}`
  const parts = change.clauses.flatMap(({ action }, position) => {
    const became = `${names.written} WHERE ${names.written}.${names.clause} = ${position}`
    // A row of the table stands here once, however many rows of the source it matched.
    const applied = `SELECT DISTINCT ${names.foundFile}, ${names.foundRow} FROM ${names.found} WHERE ${names.clause} = ${position}`
    const was = `${names.target} JOIN (${applied}) AS ${names.found} ON ${names.target}.${names.file} = ${names.found}.${names.foundFile} AND ${names.target}.${names.row} = ${names.found}.${names.foundRow}`
    switch (action) {
      case 'delete':
        return [select(names.target, 'delete', was)]
      case 'update':
        return [
          select(names.target, 'update_preimage', rowsOf(change, position, names)),
          select(names.written, 'update_postimage', became),
        ]
      default:
        return [select(names.written, 'insert', became)]
    }
  })
  return { sql: parts.join('\nUNION ALL\n'), field: CHANGE_TYPE }
}
