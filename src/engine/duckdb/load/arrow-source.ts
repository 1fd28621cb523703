import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type RecordBatch, RecordBatchReader } from 'apache-arrow'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { encodeParquet } from '../../../parquet/encode-parquet.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import type { LoadSource } from './load-source.js'
import { parquetSources } from './parquet-source.js'

/** Rows that are brought into one intermediate file. */
const FILE_ROWS = 262_144

/** Arrow IPC files and streams. DuckDB does not read them, so they become Parquet files first, some batches at a time. */
export async function arrowSources(
  connection: DuckDBConnection,
  files: readonly string[],
  directory: string,
  signal?: AbortSignal,
): Promise<LoadSource[]> {
  const converted: string[] = []
  for (const file of files) {
    let rows = 0
    let pending: RecordBatch[] = []
    const flush = async (): Promise<void> => {
      if (pending.length === 0) return
      const path = join(directory, `arrow-${converted.length}.parquet`)
      const schema = (pending[0] as RecordBatch).schema
      await writeFile(path, await encodeParquet(pending, { schema, ...(signal && { signal }) }))
      converted.push(path)
      pending = []
      rows = 0
    }
    for await (const batch of readIpc(file)) {
      throwIfAborted(signal, 'The load')
      pending.push(batch)
      rows += batch.numRows
      if (rows >= FILE_ROWS) await flush()
    }
    await flush()
  }
  return parquetSources(connection, converted)
}

/** A Parquet file with the columns of an Arrow IPC file or stream and no rows. InvalidInput where it is none. */
export async function emptyParquet(file: string): Promise<Uint8Array> {
  for await (const { schema } of openIpc(file)) return encodeParquet([], { schema })
  throw new DeltaError('Internal', `${file} was not opened. This is a defect of lakewright; please report it.`)
}

async function* readIpc(file: string): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const reader of openIpc(file)) yield* reader
}

async function* openIpc(file: string): AsyncGenerator<RecordBatchReader, void, undefined> {
  const handle = await open(file)
  try {
    yield await (await RecordBatchReader.from(handle)).open()
  } catch (cause) {
    throw new DeltaError(
      'InvalidInput',
      `${file} is no Arrow IPC stream or file, or it is cut off: ${errorText(cause)}`,
      {
        cause,
        details: { path: file },
      },
    )
  } finally {
    await handle.close()
  }
}
