import { join } from 'node:path'
import type { Benchmark } from '../benchmark.js'
import { AS_DELTALAKE } from '../data/as-deltalake.js'
import { type SmallAppends, smallAppends } from '../data/small-appends.js'

/**
 * Rows are plain objects here; the other side holds an Arrow table already. Neither side waits for the disk: deltalake never does. Both have made 100 appends to another table before the clock starts. The table
 * has had 200 appends, as one has that has been loaded into for a day: what an append costs deltalake grows with the versions of the table.
 */
export const benchmark: Benchmark<SmallAppends> = {
  title: '20 appends of 1,000 rows, each a commit, to a held table of 200 versions; neither side waits for the disk',
  goals: { ratio: 8 },
  peer: 'deltalake',
  async prepare({ quick }) {
    return { rows: 1000, appends: 20, versions: quick ? 20 : 200 }
  },
  ours: (args, workFolder) => smallAppends(join(workFolder, 'ours'), args, AS_DELTALAKE.local),
}
