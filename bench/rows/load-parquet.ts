import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Benchmark, inSmall } from '../benchmark.js'
import { lineitemFile } from '../data/lineitem.js'
import { loadLineitem } from '../data/lineitem-table.js'

export const benchmark: Benchmark<{ readonly file: string; readonly small: string }> = {
  title: 'load of a Parquet file, TPC-H lineitem, into a new table: 6M rows of 16 columns',
  goals: { ratio: 2, rssMb: 1024 },
  freshProcess: true,
  peer: 'deltalake',
  async prepare(request) {
    return { file: await lineitemFile(request), small: await lineitemFile(inSmall(request)) }
  },
  async ours({ file, small }, workFolder) {
    const path = join(workFolder, 'ours')
    await loadLineitem(path, small)
    return {
      before: () => rm(path, { recursive: true, force: true }),
      async run() {
        await loadLineitem(path, file)
        return undefined
      },
    }
  },
}
