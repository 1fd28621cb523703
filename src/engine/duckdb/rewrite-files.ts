import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { WriteTarget, WrittenFile } from '../../data-files/write-target.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import type { AddFile } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions } from '../query-engine.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { createView } from './table/create-view.js'
import { sourceTable } from './table/source-table.js'
import { writeParquet } from './write/write-parquet.js'

const CONTEXT: ErrorContext = { sqlCode: 'Internal', what: 'The files cannot be rewritten' }
const TABLE = 'table'

/** See {@link QueryEngine.rewriteFiles}. */
export async function rewriteFiles(
  engine: EngineContext,
  snapshot: Snapshot,
  files: readonly AddFile[],
  target: WriteTarget,
  options: QueryOptions,
): Promise<WrittenFile[]> {
  const directory = join(engine.workDirectory, `rewrite-${randomUUID()}`)
  const table = await engine.stager.stage({ snapshot, files }, options)
  try {
    await mkdir(directory)
    const lease = await engine.instances.connect([...table.directories, await realpath(engine.workDirectory)])
    try {
      await createView(lease.connection, TABLE, sourceTable(snapshot, snapshot.schema, table))
      const select = `SELECT * FROM ${quoteIdentifier(TABLE)}`
      const written = await writeParquet(lease.connection, select, target, directory, CONTEXT, options.signal)
      return written.map(({ localPath, size, numRows, partitionValues }) => ({
        localPath,
        size,
        numRows,
        partitionValues,
      }))
    } finally {
      lease.release()
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  } finally {
    table.release()
  }
}
