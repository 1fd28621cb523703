import { cp, link, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DeltaTable } from '../../src/index.js'
import { type Benchmark, inSmall } from '../benchmark.js'
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
    await (await DeltaTable.open(path)).optimize()
    return {
      before: () => linkedCopy(table, path),
      async run() {
        const { metrics } = await (await DeltaTable.open(path)).optimize()
        if (metrics.numRemovedFiles !== files) throw new Error(`${JSON.stringify(metrics)}, expected ${files} files.`)
        return undefined
      },
    }
  },
}

/** A table in place of what was there; data files are links, for they never change. */
async function linkedCopy(table: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  await mkdir(path)
  await cp(join(table, '_delta_log'), join(path, '_delta_log'), { recursive: true })
  const data = (await readdir(table)).filter((name) => name !== '_delta_log')
  for (const name of data) await link(join(table, name), join(path, name))
}
