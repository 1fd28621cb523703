import { type Benchmark, inSmall } from '../benchmark.js'
import { changedLineitem } from '../data/changed-lineitem.js'
import { type MergeArgs, mergeSide } from '../data/merge-side.js'

const changes = { deletionVectors: true, updateOneIn: 2, inserts: 5000 }

export const benchmark: Benchmark<MergeArgs> = {
  title: 'merge of 3M rows into a table of 6M: updates',
  goals: { ratio: 2 },
  freshProcess: true,
  peer: 'deltalake',
  theirScript: 'merge-lineitem',
  async prepare(request) {
    const small = await changedLineitem({ ...inSmall(request), ...changes, inserts: 50 })
    return { ...(await changedLineitem({ ...request, ...changes })), small }
  },
  ours: mergeSide,
}
