import { type Benchmark, inSmall } from '../benchmark.js'
import { changedLineitem } from '../data/changed-lineitem.js'
import { type MergeArgs, mergeSide } from '../data/merge-side.js'

const changes = { deletionVectors: false, updateOneIn: 100, inserts: 5000 }

export const benchmark: Benchmark<MergeArgs> = {
  title: 'the same merge into a table without deletion vectors',
  goals: { ratio: 1.5 },
  freshProcess: true,
  peer: 'deltalake',
  theirScript: 'merge-lineitem',
  async prepare(request) {
    const small = await changedLineitem({ ...inSmall(request), ...changes, inserts: 50 })
    return { ...(await changedLineitem({ ...request, ...changes })), small }
  },
  ours: mergeSide,
}
