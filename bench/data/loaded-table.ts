import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type DataRequest, inSmall } from '../benchmark.js'
import { lineitemFile } from './lineitem.js'
import { loadLineitem } from './lineitem-table.js'

/** A table of lineitem that both sides read: loaded anew by this version of the product. */
export interface LoadedTable {
  readonly table: string
  /** The Parquet file that it was loaded from. */
  readonly file: string
  readonly rows: number
  /** The same in small. */
  readonly small: string
}

export async function loadedTable(request: DataRequest): Promise<LoadedTable> {
  const file = await lineitemFile(request)
  const table = join(request.cache, 'lineitem-table')
  await loadLineitem(table, file)
  const small = join(request.cache, 'lineitem-small')
  await loadLineitem(small, await lineitemFile(inSmall(request)))
  return { table, file, small, rows: await rowsOf(file) }
}

async function rowsOf(file: string): Promise<number> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet('${file}')`)
    return Number(reader.getRows()[0]?.[0])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
