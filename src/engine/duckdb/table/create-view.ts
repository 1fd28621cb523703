import type { DuckDBConnection } from '@duckdb/node-api'
import { errorText } from '../../../errors/error-text.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { fromDuckDb } from '../duckdb-error.js'
import { joinMask } from './row-mask.js'
import type { SourceTable } from './source-table.js'
import { tableSql, UNFETCHED } from './table-sql.js'

/** Puts a table under a name into a connection: a view over its files, masked by its deletion vectors. */
export async function createView(connection: DuckDBConnection, name: string, table: SourceTable): Promise<void> {
  try {
    const select = await tableSelect(connection, name, table)
    await connection.run(`CREATE TEMP VIEW ${quoteIdentifier(name)} AS ${select}`)
  } catch (error) {
    throw fromDuckDb(error, { sqlCode: 'Internal', what: `Table "${name}" cannot be read` })
  }
}

/** A SELECT over a table's files for one connection, masked by its deletion vectors. @param name tells the table from others of the connection */
export async function tableSelect(connection: DuckDBConnection, name: string, table: SourceTable): Promise<string> {
  return tableSql(table, await joinMask(connection, name, table.files))
}

/** True for the error of a query that read a column which was not fetched. */
export function isUnfetched(error: unknown): boolean {
  return errorText(error).includes(UNFETCHED)
}
