import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { type ErrorContext, fromDuckDb } from '../duckdb-error.js'

/** Files of one shape, as DuckDB reads them. */
export interface LoadSource {
  readonly files: readonly string[]
  /** The table function call that reads some of them. */
  readonly from: (files: readonly string[]) => string
  readonly columns: readonly SourceColumn[]
  /** Values are texts that have yet to be read; else they have types that must fit. */
  readonly textual: boolean
  /** Rows are those of Parquet files, as they stand. */
  readonly isParquet?: boolean
  /** Line of the first row, where rows are lines of text. */
  readonly firstLine?: number
}

export interface SourceColumn {
  readonly name: string
  readonly type: DuckDBType
}

/** What errors of DuckDB mean while files are read: the input is at fault. */
export const LOAD_CONTEXT: ErrorContext = { sqlCode: 'InvalidInput', what: 'The files cannot be loaded' }

/** The columns of what a table function returns. */
export async function columnsOf(
  connection: DuckDBConnection,
  from: string,
  context: ErrorContext,
): Promise<SourceColumn[]> {
  try {
    const prepared = await connection.prepare(`SELECT * FROM ${from}`)
    const columns = Array.from({ length: prepared.columnCount }, (_, i) => ({
      name: prepared.columnName(i),
      type: prepared.columnType(i),
    }))
    prepared.destroySync()
    return columns
  } catch (error) {
    throw fromDuckDb(error, context)
  }
}
