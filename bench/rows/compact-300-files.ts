import { cp, link, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DeltaTable } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'
import { smallFilesTable } from '../data/small-files-table.js'

export const benchmark: Benchmark<{ readonly table: string; readonly files: number }> = {
  title: 'compaction of 300 files of 10,000 rows of lineitem',
  goals: { ratio: 1.8 },
  freshProcess: true,
  peer: 'deltalake',
  async prepare(request) {
    return { table: await smallFilesTable(request), files: request.quick ? 3 : 300 }
  },
  async ours({ table, files }, workFolder) {
    const path = join(workFolder, 'ours')
    return {
      async before() {
        await rm(path, { recursive: true, force: true })
        await mkdir(path)
        await cp(join(table, '_delta_log'), join(path, '_delta_log'), { recursive: true })
        const data = (await readdir(table)).filter((name) => name !== '_delta_log')
        for (const name of data) await link(join(table, name), join(path, name))
      },
      async run() {
        const { metrics } = await (await DeltaTable.open(path)).optimize()
        if (metrics.numRemovedFiles !== files) throw new Error(`${JSON.stringify(metrics)}, expected ${files} files.`)
        return undefined
      },
    }
  },
}
