import { join } from 'node:path'
import { DeltaTable, sql } from '../../src/index.js'
import { type Benchmark, inSmall, type Side } from '../benchmark.js'
import { AS_DELTALAKE } from './as-deltalake.js'
import { type ChangedLineitem, changedLineitem } from './changed-lineitem.js'
import { linkedCopy } from './linked-copy.js'

/** What both sides of an update get. */
export interface UpdateArgs extends ChangedLineitem {
  readonly small: ChangedLineitem
  /** Which rows are updated. */
  readonly where: string
}

const changes = { deletionVectors: true, updateOneIn: 100, inserts: 50 }

/** A row of the table of benchmarks: an update of some rows of lineitem, by deltalake too. */
export function updateBenchmark(title: string, where: string): Benchmark<UpdateArgs> {
  return {
    title,
    goals: { ratio: 15 },
    freshProcess: true,
    peer: 'deltalake',
    theirScript: 'update-lineitem',
    async prepare(request) {
      const small = await changedLineitem({ ...inSmall(request), ...changes })
      return { ...(await changedLineitem({ ...request, ...changes })), small, where }
    },
    ours: updateSide,
  }
}

async function updateSide({ table, small, where }: UpdateArgs, workFolder: string): Promise<Side> {
  const path = join(workFolder, 'ours')
  const change = async (): Promise<void> => {
    const opened = await DeltaTable.open(path, { storage: AS_DELTALAKE })
    const { metrics } = await opened.update({ set: { l_tax: sql('l_tax + 0.01') }, where })
    if (metrics.numUpdatedRows === undefined) throw new Error('No row was updated.')
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
}
