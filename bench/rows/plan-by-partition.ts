import { col } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'
import { manyFilesTable } from '../data/many-files-table.js'
import { plannerOfManyFiles } from '../data/plan-many-files.js'

export const benchmark: Benchmark<{ readonly table: string; readonly files: number }> = {
  title: 'plan of a scan of a held table of 1M files, where on the partition column',
  goals: { ms: 150 },
  async prepare(request) {
    return { table: await manyFilesTable(request), files: request.quick ? 1 : 1000 }
  },
  ours: ({ table, files }) => plannerOfManyFiles(table, col('day').eq('2023-06-01'), files),
}
