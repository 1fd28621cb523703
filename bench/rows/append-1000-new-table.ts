import { join } from 'node:path'
import type { Benchmark } from '../benchmark.js'
import { AS_DELTALAKE } from '../data/as-deltalake.js'
import { type SmallAppends, smallAppends } from '../data/small-appends.js'

/** As append-1000-rows at the beginning of a table's life, where an append costs deltalake the least. */
export const benchmark: Benchmark<SmallAppends> = {
  title: '20 appends of 1,000 rows, each a commit, to a new table; neither side waits for the disk',
  goals: {},
  peer: 'deltalake',
  theirScript: 'append-1000-rows',
  async prepare() {
    return { rows: 1000, appends: 20, versions: 0 }
  },
  ours: (args, workFolder) => smallAppends(join(workFolder, 'ours'), args, AS_DELTALAKE.local),
}
