import { join } from 'node:path'
import { DeltaTable, double, long, string, struct, timestamp } from '../../src/index.js'
import type { Benchmark } from '../benchmark.js'

/** An append to a held table of rows that are plain objects; the other side holds an Arrow table already. */
export const benchmark: Benchmark<{ readonly rows: number; readonly appends: number }> = {
  title: '20 appends of 1,000 rows, each a commit, to a held table',
  goals: { ratio: 8 },
  peer: 'deltalake',
  async prepare() {
    return { rows: 1000, appends: 20 }
  },
  async ours({ rows: count, appends }, workFolder) {
    const rows = Array.from({ length: count }, (_, i) => ({
      id: BigInt(i),
      at: new Date(1_700_000_000_000 + i),
      kind: `kind-${i % 10}`,
      value: i / 7,
    }))
    const table = await DeltaTable.create(join(workFolder, 'ours'), {
      schema: struct({ id: long(), at: timestamp(), kind: string(), value: double() }),
    })
    return {
      async run() {
        for (let i = 0; i < appends; i++) await table.append(rows)
        return undefined
      },
    }
  },
}
