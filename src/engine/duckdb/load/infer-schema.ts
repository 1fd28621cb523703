import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { throwIfAborted } from '../../../runtime/aborted.js'
import type { StructType } from '../../../schema/data-type.js'
import type { FileFormat, QueryOptions } from '../../query-engine.js'
import { deltaType } from '../delta-type.js'
import type { EngineContext } from '../engine-context.js'
import { quotePath } from '../quote-path.js'
import { emptyParquet } from './arrow-source.js'
import { inferCsv } from './infer-csv.js'
import { inferNdjson } from './infer-ndjson.js'
import { inputPath } from './input-path.js'
import { columnsOf, LOAD_CONTEXT } from './load-source.js'

/** See {@link QueryEngine.inferSchema}. Timestamps without a zone are `timestamp_ntz`; all columns are nullable. Text is read to its end, so that the load does not come upon rows that do not fit. */
export async function inferSchema(
  engine: EngineContext,
  files: readonly string[],
  format: FileFormat,
  options: QueryOptions,
): Promise<StructType> {
  const paths = await Promise.all(files.map(inputPath))
  throwIfAborted(options.signal, 'The load')
  if (format === 'arrow') return inferArrowSchema(engine, paths)
  const lease = await engine.instances.connect(paths.map((path) => dirname(path)))
  try {
    if (format === 'csv') return await inferCsv(lease.connection, paths, options.signal)
    if (format === 'ndjson') return await inferNdjson(lease.connection, paths, options.signal)
    const list = `[${paths.map(quotePath).join(', ')}]`
    const reader = `read_parquet(${list}, union_by_name = true, hive_partitioning = false)`
    const columns = await columnsOf(lease.connection, reader, LOAD_CONTEXT)
    const fields = columns.map(({ name, type }) => ({ name, dataType: deltaType(type), nullable: true, metadata: {} }))
    return { type: 'struct', fields }
  } finally {
    lease.release()
  }
}

/** The types of Arrow as DuckDB sees them: those of files that hold the columns but no rows. */
async function inferArrowSchema(engine: EngineContext, files: readonly string[]): Promise<StructType> {
  const directory = join(engine.workDirectory, `infer-${randomUUID()}`)
  await mkdir(directory)
  try {
    const shells = await Promise.all(
      files.map(async (file, i) => {
        const path = join(directory, `${i}.parquet`)
        await writeFile(path, await emptyParquet(file))
        return path
      }),
    )
    return await inferSchema(engine, shells, 'parquet', {})
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
