import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DataRequest } from '../benchmark.js'
import { cached } from './cached.js'
import { duckdbRun } from './duckdb-run.js'

const run = promisify(execFile)

/**
 * TPC-H lineitem as one Parquet file: 6,001,215 rows of 16 columns at scale factor 1, a hundredth of it if quick.
 * Rewritten by DuckDB, because the generator's view types are new to older readers.
 */
export function lineitemFile({ cache, quick }: DataRequest): Promise<string> {
  return cached(cache, 'lineitem.parquet', async (path) => {
    const generator = await tpchGenerator(cache)
    const folder = `${path}-generated`
    const scale = quick ? '0.01' : '1'
    await run(generator, ['parquet', '-s', scale, '--tables', 'lineitem', '--output-dir', folder])
    const source = join(folder, 'lineitem.parquet')
    await duckdbRun(`COPY (SELECT * FROM read_parquet('${source}')) TO '${path}' (FORMAT parquet, COMPRESSION snappy)`)
    await rm(folder, { recursive: true })
  })
}

async function tpchGenerator(cache: string): Promise<string> {
  const environment = await cached(join(cache, '..'), 'tpchgen', async (path) => {
    await run('python3', ['-m', 'venv', path])
    await run(join(path, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', 'tpchgen-cli==4.0.0'])
  })
  return join(environment, 'bin', 'tpchgen-cli')
}
