import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { Benchmark } from '../benchmark.js'
import { listFiles } from '../data/list-files.js'
import { manyCommitsTable } from '../data/many-commits-table.js'

export const benchmark: Benchmark<{ readonly table: string; readonly files: number }> = {
  title: 'open a table of 20,000 JSON commits without a checkpoint and list its files',
  goals: { ratio: 15 },
  peer: 'deltalake',
  async prepare(request) {
    return { table: await manyCommitsTable(request), files: request.quick ? 199 : 19_999 }
  },
  async ours({ table, files }) {
    return {
      async run() {
        const snapshot = await openSnapshot(await openTableLocation(table))
        await listFiles(snapshot, files)
        return undefined
      },
    }
  },
}
