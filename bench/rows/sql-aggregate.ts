import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { DeltaTable, Lake } from '../../src/index.js'
import type { Benchmark, Side } from '../benchmark.js'
import { type LoadedTable, loadedTable } from '../data/loaded-table.js'
import { expectGroups, pricingSummary } from '../data/pricing-summary.js'

export const benchmark: Benchmark<LoadedTable> = {
  title: 'TPC-H query 1 over a table of lineitem; the other side is DuckDB on its bare Parquet files',
  goals: { ratio: 1 / 1.15 },
  peer: 'duckdb',
  prepare: loadedTable,
  async ours({ table }): Promise<Side> {
    const lake = new Lake()
    const opened = await DeltaTable.open(table)
    return {
      async run() {
        const result = await lake.query(pricingSummary('lineitem'), { tables: { lineitem: opened } })
        expectGroups((await result.rows()).length)
        return undefined
      },
    }
  },
  async theirs({ table }): Promise<Side> {
    const connection = await (await DuckDBInstance.create()).connect()
    const source = `read_parquet('${join(table, '*.parquet')}')`
    return {
      async run() {
        expectGroups((await connection.runAndReadAll(pricingSummary(source))).currentRowCount)
        return undefined
      },
    }
  },
}
