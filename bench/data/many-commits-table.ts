import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataRequest } from '../benchmark.js'
import { cached } from './cached.js'
import { commitOfOneFile, version } from './many-files-table.js'

/** A table whose log is 20,000 commits of one file each (200 if quick) and no checkpoint. There are no data files. */
export function manyCommitsTable({ cache, quick }: DataRequest): Promise<string> {
  return cached(cache, 'many-commits', async (path) => {
    const log = join(path, '_delta_log')
    await mkdir(log, { recursive: true })
    const schema = {
      type: 'struct',
      fields: ['id', 'day'].map((name) => ({
        name,
        type: name === 'id' ? 'long' : 'date',
        nullable: true,
        metadata: {},
      })),
    }
    const first = [
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      {
        metaData: {
          id: 'f7c2a3f0-0000-4000-8000-000000000002',
          format: { provider: 'parquet', options: {} },
          schemaString: JSON.stringify(schema),
          partitionColumns: ['day'],
          configuration: { 'delta.checkpointInterval': '100000' },
          createdTime: 1_700_000_000_000,
        },
      },
    ]
    writeFileSync(join(log, `${version(0)}.json`), first.map((action) => `${JSON.stringify(action)}\n`).join(''))
    for (let i = 1; i < (quick ? 200 : 20_000); i++) {
      writeFileSync(join(log, `${version(i)}.json`), commitOfOneFile(`part-${String(i).padStart(5, '0')}`))
    }
  })
}
