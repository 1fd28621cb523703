import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordBatch } from 'apache-arrow'
import { arrowSchema } from '../../../arrow/arrow-schema.js'
import { encodeParquet } from '../../../parquet/encode-parquet.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import type { StructType } from '../../../schema/data-type.js'
import type { QueryOptions } from '../../query-engine.js'
import type { SourceRows } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'

/** Rows that are brought into one intermediate file, and bytes of them: they are held in memory until then. */
const FILE_ROWS = 262_144
const FILE_BYTES = 64 * 2 ** 20

/** See {@link QueryEngine.spoolBatches}. */
export async function spoolBatches(
  engine: EngineContext,
  schema: () => StructType,
  batches: AsyncIterable<RecordBatch>,
  { signal }: QueryOptions,
): Promise<SourceRows> {
  const directory = join(engine.workDirectory, `source-${randomUUID()}`)
  await mkdir(directory)
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true })
  const paths: string[] = []
  let pending: RecordBatch[] = []
  let columns: StructType | undefined
  let waiting = 0
  let bytes = 0
  let numRows = 0
  const flush = async (): Promise<void> => {
    const path = join(directory, `${paths.length}.parquet`)
    const options = { schema: arrowSchema(columns ?? schema()), ...(signal && { signal }) }
    await writeFile(path, await encodeParquet(pending, options))
    paths.push(path)
    pending = []
    waiting = 0
    bytes = 0
  }
  try {
    for await (const batch of batches) {
      throwIfAborted(signal, 'Reading the source')
      if (columns !== schema() && waiting > 0) await flush()
      columns = schema()
      pending.push(batch)
      waiting += batch.numRows
      bytes += batch.data.byteLength
      numRows += batch.numRows
      if (waiting >= FILE_ROWS || bytes >= FILE_BYTES) await flush()
    }
    // A source without rows has columns all the same.
    if (waiting > 0 || paths.length === 0) await flush()
    return { schema: schema(), paths, numRows, release: remove }
  } catch (error) {
    await remove()
    throw error
  }
}
