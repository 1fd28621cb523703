import type { WriteTarget } from '../../../data-files/write-target.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { CHANGE_TYPE } from '../../../scan/change-columns.js'
import type { ParsedRowChange } from '../../row-change.js'
import type { ChangeRelations } from './change-relations.js'
import { rowsOf } from './new-rows-sql.js'
import { mayMatchTwice } from './refuse-duplicates.js'

/** SELECTs of every row that a change deleted, inserted, or updated (as it was and as it became), with what it was that happened. */
export function changeFeedSql(change: ParsedRowChange, names: ChangeRelations): string[] {
  const columns = change.schema.fields.map(({ name }) => quoteIdentifier(name))
  const select = (relation: string, type: string, from: string): string =>
    `SELECT ${columns.map((column) => `${relation}.${column}`).join(', ')}, '${type}' AS ${quoteIdentifier(CHANGE_TYPE.name)} FROM ${from}`
  return change.clauses.flatMap(({ action }, position) => {
    const became = `${names.written} WHERE ${names.written}.${names.clause} = ${position}`
    switch (action) {
      case 'delete':
        return [select(names.target, 'delete', rowsBefore(change, position, names))]
      case 'update':
        return [
          select(names.target, 'update_preimage', rowsBefore(change, position, names)),
          select(names.written, 'update_postimage', became),
        ]
      default:
        return [select(names.written, 'insert', became)]
    }
  })
}

/** What change files are written to: they have one column more than data files. */
export function changeTarget(target: WriteTarget): WriteTarget {
  return { ...target, schema: { type: 'struct', fields: [...target.schema.fields, CHANGE_TYPE] } }
}

/** FROM and WHERE of the rows of the table that a clause applies to, each once, however many rows of the source it matched. */
function rowsBefore(change: ParsedRowChange, position: number, names: ChangeRelations): string {
  // Asked again, the condition needs no join.
  if (change.source === undefined && change.repeatable) return rowsOf(change, position, names)
  const { target, found, file, row, foundFile, foundRow, clause } = names
  const once = mayMatchTwice(change) ? 'DISTINCT ' : ''
  const applied = `SELECT ${once}${foundFile}, ${foundRow} FROM ${found} WHERE ${clause} = ${position}`
  return `${target} JOIN (${applied}) AS ${found} ON ${target}.${file} = ${found}.${foundFile} AND ${target}.${row} = ${found}.${foundRow}`
}
