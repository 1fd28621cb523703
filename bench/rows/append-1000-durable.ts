import { join } from 'node:path'
import type { Benchmark } from '../benchmark.js'
import { type SmallAppends, smallAppends } from '../data/small-appends.js'

/** No goal: it is the disk that is measured. */
export const benchmark: Benchmark<SmallAppends> = {
  title: '20 appends of 1,000 rows, each a commit that would survive a power failure',
  goals: {},
  async prepare() {
    return { rows: 1000, appends: 20, versions: 0 }
  },
  ours: (args, workFolder) => smallAppends(join(workFolder, 'ours'), args, { fsync: true }),
}
