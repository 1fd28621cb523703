import { join } from 'node:path'
import { DeltaTable, sql } from '../../src/index.js'
import { type Benchmark, inSmall } from '../benchmark.js'
import { AS_DELTALAKE } from '../data/as-deltalake.js'
import { changedLineitem } from '../data/changed-lineitem.js'
import { linkedCopy } from '../data/linked-copy.js'
import type { MergeArgs } from '../data/merge-side.js'

const changes = { deletionVectors: true, updateOneIn: 100, inserts: 50 }
const where = 'l_orderkey % 1000 = 7'

export const benchmark: Benchmark<MergeArgs> = {
  title: 'update of a thousandth of a table of 6M rows',
  goals: { ratio: 15 },
  freshProcess: true,
  peer: 'deltalake',
  async prepare(request) {
    const small = await changedLineitem({ ...inSmall(request), ...changes })
    return { ...(await changedLineitem({ ...request, ...changes })), small }
  },
  async ours({ table, small }, workFolder) {
    const path = join(workFolder, 'ours')
    const change = async (): Promise<void> => {
      const opened = await DeltaTable.open(path, { storage: AS_DELTALAKE })
      await opened.update({ set: { l_tax: sql('l_tax + 0.01') }, where })
    }
    await linkedCopy(small.table, path)
    await change()
    return {
      before: () => linkedCopy(table, path),
      async run() {
        await change()
        return undefined
      },
    }
  },
}
