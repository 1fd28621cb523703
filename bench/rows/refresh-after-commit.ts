import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { Benchmark } from '../benchmark.js'
import { commitOfOneFile, MANY_FILES_VERSION, manyFilesTable, version } from '../data/many-files-table.js'

export const benchmark: Benchmark<{ readonly table: string }> = {
  title: 'refresh of a held table of 1M files, and the count of its files, after one new commit',
  goals: { ms: 5 },
  async prepare(request) {
    return { table: await manyFilesTable(request) }
  },
  async ours({ table }, workFolder) {
    const copy = join(workFolder, 'table')
    await cp(table, copy, { recursive: true })
    let held = await openSnapshot(await openTableLocation(copy))
    let files = (await held.files()).numFiles
    return {
      before: (run) =>
        writeFile(
          join(copy, '_delta_log', `${version(MANY_FILES_VERSION + 1 + run)}.json`),
          commitOfOneFile(`part-${run}`),
        ),
      async run() {
        held = await held.refresh()
        if ((await held.files()).numFiles !== ++files) throw new Error('The refresh did not see the new file.')
        return undefined
      },
    }
  },
}
