import { rm } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { DeltaTable, files } from '../../src/index.js'
import type { DataRequest } from '../benchmark.js'
import { cached } from './cached.js'
import { lineitemFile } from './lineitem.js'
import { lineitemSchema } from './lineitem-table.js'

/** A table of lineitem in 300 files of 10,000 rows (3 if quick), each appended by a commit of its own. */
export function smallFilesTable(request: DataRequest): Promise<string> {
  return cached(request.cache, 'small-files', async (path) => {
    const source = await lineitemFile(request)
    const part = `${path}-part.parquet`
    const instance = await DuckDBInstance.create()
    const connection = await instance.connect()
    const table = await DeltaTable.create(path, { schema: lineitemSchema })
    for (let i = 0; i < (request.quick ? 3 : 300); i++) {
      const rows = `SELECT * FROM read_parquet('${source}') LIMIT 10000 OFFSET ${i * 10_000}`
      await connection.run(`COPY (${rows}) TO '${part}' (FORMAT parquet)`)
      await table.append(files(part))
    }
    connection.closeSync()
    instance.closeSync()
    await rm(part)
  })
}
