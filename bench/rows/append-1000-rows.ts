import { join } from 'node:path'
import type { Benchmark } from '../benchmark.js'
import { type SmallAppends, smallAppends } from '../data/small-appends.js'

/** Rows are plain objects here; the other side holds an Arrow table already. Neither side waits for the disk: deltalake never does. Both have made 100 appends to another table before the clock starts. */
export const benchmark: Benchmark<SmallAppends> = {
  title: '20 appends of 1,000 rows, each a commit, to a held table; neither side waits for the disk',
  goals: { ratio: 8 },
  peer: 'deltalake',
  async prepare() {
    return { rows: 1000, appends: 20 }
  },
  ours: (args, workFolder) => smallAppends(join(workFolder, 'ours'), args, { fsync: false }),
}
