import { join } from 'node:path'
import { DeltaTable, files, Lake } from '../../src/index.js'
import { type Benchmark, inSmall, type Side } from '../benchmark.js'
import { type ChangedLineitem, changedLineitem } from '../data/changed-lineitem.js'
import { linkedCopy } from '../data/linked-copy.js'
import { KEYS } from '../data/merge-side.js'
import { expectGroups, pricingSummary } from '../data/pricing-summary.js'

const changes = { deletionVectors: true, updateOneIn: 100, inserts: 5000 }

interface QueryArgs extends ChangedLineitem {
  readonly small: ChangedLineitem
}

/** What deletion vectors cost SQL: the rows that they hide are looked up, and nothing of the table is kept for it. */
export const benchmark: Benchmark<QueryArgs> = {
  title: 'TPC-H query 1 over 6M rows after a merge of 65k rows; the other side is the same query before it',
  goals: { ratio: 1 / 2, rssMb: 500 },
  freshProcess: true,
  peer: 'before',
  async prepare(request) {
    const small = await changedLineitem({ ...inSmall(request), ...changes, inserts: 50 })
    const full = await changedLineitem({ ...request, ...changes })
    return { ...full, small }
  },
  async ours({ table, source, small }, workFolder) {
    const path = join(workFolder, 'merged')
    await linkedCopy(table, path)
    const merge = (await DeltaTable.open(path)).merge(files(source), KEYS)
    await merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    return querySide(path, small.table)
  },
  theirs: ({ table, small }) => querySide(table, small.table),
}

async function querySide(table: string, small: string): Promise<Side> {
  const lake = new Lake()
  await query(lake, small)
  return {
    async run() {
      await query(lake, table)
      return undefined
    },
  }
}

async function query(lake: Lake, table: string): Promise<void> {
  const lineitem = await DeltaTable.open(table)
  const result = await lake.query(pricingSummary('lineitem'), { tables: { lineitem } })
  expectGroups((await result.rows()).length)
}
