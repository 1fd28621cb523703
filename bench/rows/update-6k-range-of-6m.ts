import type { Benchmark } from '../benchmark.js'
import { type UpdateArgs, updateBenchmark } from '../data/update-side.js'

export const benchmark: Benchmark<UpdateArgs> = updateBenchmark(
  'update of a thousandth of a table of 6M rows, in one range of the key',
  'l_orderkey BETWEEN 30000 AND 36000',
)
