import { join } from 'node:path'
import { DeltaTable, files } from '../../src/index.js'
import type { Side } from '../benchmark.js'
import { AS_DELTALAKE } from './as-deltalake.js'
import type { ChangedLineitem } from './changed-lineitem.js'
import { linkedCopy } from './linked-copy.js'

/** What both sides of a merge get. */
export interface MergeArgs extends ChangedLineitem {
  readonly small: ChangedLineitem
  readonly memory?: string
}

export const KEYS = 'target.l_orderkey = source.l_orderkey AND target.l_linenumber = source.l_linenumber'

/** Our side of a merge: a table that is opened for it, a source in a Parquet file. */
export async function mergeSide({ table, source, small, memory }: MergeArgs, workFolder: string): Promise<Side> {
  const path = join(workFolder, 'ours')
  const merge = async (from: string): Promise<void> => {
    const opened = await DeltaTable.open(path, { storage: AS_DELTALAKE })
    const { metrics } = await opened
      .merge(files(from), KEYS, memory === undefined ? {} : { memory })
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute()
    const { numSourceRows, numTargetRowsUpdated = 0, numTargetRowsInserted = 0 } = metrics
    if (numSourceRows !== numTargetRowsUpdated + numTargetRowsInserted) throw new Error(JSON.stringify(metrics))
  }
  await linkedCopy(small.table, path)
  await merge(small.source)
  return {
    before: () => linkedCopy(table, path),
    async run() {
      await merge(source)
      return undefined
    },
  }
}
