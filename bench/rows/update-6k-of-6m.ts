import type { Benchmark } from '../benchmark.js'
import { type UpdateArgs, updateBenchmark } from '../data/update-side.js'

export const benchmark: Benchmark<UpdateArgs> = updateBenchmark(
  'update of a thousandth of a table of 6M rows, some of every page of every column',
  'l_orderkey % 1000 = 7',
)
