import { col } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'
import { manyFilesTable } from '../data/many-files-table.js'
import { plannerOfManyFiles } from '../data/plan-many-files.js'

export const benchmark: Benchmark<{ readonly table: string; readonly id: number }> = {
  title: 'plan of a scan of a held table of 1M files, where on a column with statistics',
  goals: { ms: 700 },
  async prepare(request) {
    return { table: await manyFilesTable(request), id: request.quick ? 123_456 : 123_456_789 }
  },
  ours: ({ table, id }) => plannerOfManyFiles(table, col('id').eq(BigInt(id)), 1),
}
