import { join } from 'node:path'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import { CHANGE_TYPE } from '../../../scan/change-columns.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import { changeTarget } from './change-feed-sql.js'
import { CHANGE_CONTEXT, explainedBadRow, MANY_ROWS } from './new-rows-sql.js'
import { placesIn, type UpdatedRows, type UpdateParts, updatedRowsSql } from './updated-rows.js'
import { inAnyOrder, writeSelects } from './write-selects.js'

/** Keeps the new rows in a file, with their places and what their new values were before: data files and change files are both made of it. */
export async function keepUpdate(parts: UpdateParts): Promise<UpdatedRows> {
  const { connection, request, names, write } = parts
  const { change, target } = request
  const before = namesBefore(parts)
  const rows = await updatedRowsSql(parts, [
    ...[names.file, names.row].map((name) => ({ name, sql: `${names.target}.${name}` })),
    ...[...before].map(([column, name]) => ({ name, sql: `${names.target}.${column}` })),
  ])
  const path = join(write.directory, 'updated.parquet')
  const select = rows.selects.map(({ sql }) => sql).join()
  const copy = `COPY (${select}) TO ${quoteText(path)} (FORMAT parquet, ROW_GROUP_SIZE ${write.rowGroupRows})`
  const copying = inAnyOrder(connection, write, () => runStatement(connection, copy, CHANGE_CONTEXT, write))
  const [copied] = await copying.catch(async (error: unknown) => {
    throw (await explainedBadRow(connection, rows, error, write.signal)) ?? error
  })
  const numRows = Number(copied?.Count)
  const kept = `FROM read_parquet(${quotePath(path)}, hive_partitioning = false)`
  const columns = change.schema.fields.map(({ name }) => quoteIdentifier(name))
  const told = (values: readonly string[], type: string): string =>
    `SELECT ${values.join(', ')}, '${type}' AS ${quoteIdentifier(CHANGE_TYPE.name)} ${kept}`
  const old = columns.map((column) => {
    const name = before.get(column)
    return name === undefined ? column : `${name} AS ${column}`
  })
  return {
    numRows,
    sets: await placesIn(parts, [path], [names.file, names.row], numRows),
    writeRows() {
      return writeSelects(connection, [`SELECT ${columns.join(', ')} ${kept}`], target, { ...write, name: 'rows' })
    },
    writeChanges() {
      const selects = [told(old, 'update_preimage'), told(columns, 'update_postimage')]
      const statements = numRows < MANY_ROWS ? [selects.join('\nUNION ALL\n')] : selects
      return writeSelects(connection, statements, changeTarget(target), { ...write, name: 'changes' })
    },
  }
}

/** Of each column that is set, quoted, the name that its old value has: no column is called so. */
function namesBefore({ request: { change } }: UpdateParts): ReadonlyMap<string, string> {
  let prefix = 'before'
  while (change.schema.fields.some(({ name }) => name.toLowerCase().startsWith(prefix))) prefix = `${prefix} `
  const set = change.clauses.flatMap((clause) => (clause.action === 'update' ? clause.values : []))
  return new Map(set.map(({ column }, i) => [quoteIdentifier(column), quoteIdentifier(`${prefix} ${i}`)]))
}
