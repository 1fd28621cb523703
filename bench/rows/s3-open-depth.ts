import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { startS3Server } from '../../tests/support/s3-server/start-s3-server.js'
import { type Benchmark, inSmall } from '../benchmark.js'
import { commitOfOneFile, MANY_FILES_VERSION, manyFilesTable, version } from '../data/many-files-table.js'

/** The server runs in our process, so what counts is how many requests had to wait for another one, not the time. */
export const benchmark: Benchmark<{ readonly table: string; readonly files: number }> = {
  title: 'open a table on S3 with a checkpoint and 9 commits, 50 ms added to each request',
  goals: { roundTrips: 5 },
  async prepare(request) {
    return { table: await manyFilesTable(inSmall(request)), files: 1_000 + 9 }
  },
  async ours({ table, files }) {
    const server = await startS3Server()
    const location = await openTableLocation(server.tableUrl('table'), { storage: server.options })
    const log = join(table, '_delta_log')
    for (const name of await readdir(log)) {
      await location.store.put(`_delta_log/${name}`, await readFile(join(log, name)), { mode: 'overwrite' })
    }
    for (let i = 1; i <= 9; i++) {
      const commit = new TextEncoder().encode(commitOfOneFile(`part-${i}`))
      await location.store.put(`_delta_log/${version(MANY_FILES_VERSION + i)}.json`, commit, { mode: 'overwrite' })
    }
    server.latencyMs = 50
    return {
      async run() {
        server.requests.clear()
        const fresh = await openTableLocation(server.tableUrl('table'), { storage: server.options })
        const snapshot = await openSnapshot(fresh)
        if ((await snapshot.files()).numFiles !== files) throw new Error('Files are missing.')
        return { roundTrips: server.requests.depth() }
      },
    }
  },
}
