import { type Benchmark, inSmall } from '../benchmark.js'
import { changedLineitem } from '../data/changed-lineitem.js'
import { type MergeArgs, mergeSide } from '../data/merge-side.js'

const changes = { deletionVectors: true, updateOneIn: 100, inserts: 5000, copies: 10 }

export const benchmark: Benchmark<MergeArgs> = {
  title: 'merge of 605k rows into a table of 60M in 20 files: 600k updates, 5k inserts, within 512 MB',
  goals: { ratio: 30, rssMb: 812 },
  freshProcess: true,
  peer: 'deltalake',
  theirScript: 'merge-lineitem',
  async prepare(request) {
    const small = await changedLineitem({ ...inSmall(request), ...changes, inserts: 50 })
    return { ...(await changedLineitem({ ...request, ...changes })), small, memory: '512MB' }
  },
  ours: mergeSide,
}
