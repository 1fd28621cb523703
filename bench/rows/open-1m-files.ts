import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { type Benchmark, inSmall } from '../benchmark.js'
import { listFiles } from '../data/list-files.js'
import { manyFilesTable } from '../data/many-files-table.js'

/** Opens the table and reaches every path and size; the other side gets the same as Arrow columns. */
export const benchmark: Benchmark<{ readonly table: string; readonly files: number; readonly small: string }> = {
  title: 'open a table of 1M files from one classic checkpoint and list them',
  goals: { ratio: 3, rssMb: 450 },
  freshProcess: true,
  peer: 'deltalake',
  async prepare(request) {
    const [table, small] = [await manyFilesTable(request), await manyFilesTable(inSmall(request))]
    return { table, small, files: request.quick ? 1_000 : 1_000_000 }
  },
  async ours({ table, files, small }) {
    await listFiles(await openSnapshot(await openTableLocation(small)), 1_000)
    return {
      async run() {
        await listFiles(await openSnapshot(await openTableLocation(table)), files)
        return undefined
      },
    }
  },
}
