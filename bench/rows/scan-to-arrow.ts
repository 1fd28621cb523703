import { DeltaTable } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'
import { type LoadedTable, loadedTable } from '../data/loaded-table.js'

/** Every batch is reached and let go; the other side holds the whole as one Arrow table. */
export const benchmark: Benchmark<LoadedTable> = {
  title: 'scan of a table of lineitem to Arrow: 6M rows of 16 columns',
  goals: { ratio: 1.3, rssMb: 600 },
  freshProcess: true,
  peer: 'deltalake',
  prepare: loadedTable,
  async ours({ table, rows, small }) {
    await scannedRows(small)
    return {
      async run() {
        const seen = await scannedRows(table)
        if (seen !== rows) throw new Error(`${seen} rows, expected ${rows}.`)
        return undefined
      },
    }
  },
}

async function scannedRows(table: string): Promise<number> {
  let rows = 0
  for await (const batch of (await DeltaTable.open(table)).scan()) rows += batch.numRows
  return rows
}
