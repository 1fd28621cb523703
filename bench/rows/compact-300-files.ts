import { join } from 'node:path'
import { DeltaTable } from '../../src/index.js'
import { type Benchmark, inSmall } from '../benchmark.js'
import { AS_DELTALAKE } from '../data/as-deltalake.js'
import { linkedCopy } from '../data/linked-copy.js'
import { smallFilesTable } from '../data/small-files-table.js'

export const benchmark: Benchmark<{ readonly table: string; readonly files: number; readonly small: string }> = {
  title: 'compaction of 300 files of 10,000 rows of lineitem',
  goals: { ratio: 1.8 },
  freshProcess: true,
  peer: 'deltalake',
  async prepare(request) {
    const [table, small] = [await smallFilesTable(request), await smallFilesTable(inSmall(request))]
    return { table, small, files: request.quick ? 3 : 300 }
  },
  async ours({ table, files, small }, workFolder) {
    const path = join(workFolder, 'ours')
    await linkedCopy(small, path)
    await (await DeltaTable.open(path, { storage: AS_DELTALAKE })).optimize()
    return {
      before: () => linkedCopy(table, path),
      async run() {
        const { metrics } = await (await DeltaTable.open(path, { storage: AS_DELTALAKE })).optimize()
        if (metrics.numRemovedFiles !== files) throw new Error(`${JSON.stringify(metrics)}, expected ${files} files.`)
        return undefined
      },
    }
  },
}
