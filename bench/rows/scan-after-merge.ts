import { join } from 'node:path'
import { DeltaTable, files } from '../../src/index.js'
import { type Benchmark, inSmall, type Side } from '../benchmark.js'
import { type ChangedLineitem, changedLineitem } from '../data/changed-lineitem.js'
import { linkedCopy } from '../data/linked-copy.js'
import { KEYS } from '../data/merge-side.js'

const changes = { deletionVectors: true, updateOneIn: 100, inserts: 5000 }

interface ScanArgs extends ChangedLineitem {
  readonly small: ChangedLineitem
}

/** Deletion vectors and a further file are what a merge costs those who read the table next. */
export const benchmark: Benchmark<ScanArgs> = {
  title: 'scan of 6M rows to Arrow after a merge of 65k rows; the other side is the same scan before it',
  goals: { ratio: 1 / 1.3 },
  freshProcess: true,
  peer: 'before',
  async prepare(request) {
    const small = await changedLineitem({ ...inSmall(request), ...changes, inserts: 50 })
    return { ...(await changedLineitem({ ...request, ...changes })), small }
  },
  async ours({ table, source, small }, workFolder) {
    const path = join(workFolder, 'merged')
    await linkedCopy(table, path)
    const merge = (await DeltaTable.open(path)).merge(files(source), KEYS)
    await merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    return scanSide(path, small.table)
  },
  theirs: ({ table, small }) => scanSide(table, small.table),
}

async function scanSide(table: string, small: string): Promise<Side> {
  await scan(small)
  return {
    async run() {
      await scan(table)
      return undefined
    },
  }
}

async function scan(table: string): Promise<void> {
  let rows = 0
  for await (const batch of (await DeltaTable.open(table)).scan()) rows += batch.numRows
  if (rows === 0) throw new Error(`${table} has no rows.`)
}
