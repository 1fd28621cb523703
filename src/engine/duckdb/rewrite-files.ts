import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../data-files/write-target.js'
import type { AddFile, PartitionValues } from '../../protocol/actions/action.js'
import { parsePartitionValue, serializePartitionValue } from '../../protocol/partition-value.js'
import { storedName } from '../../schema/column-mapping.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions } from '../query-engine.js'
import type { StagedFile } from '../staging/staged-table.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { bitMask } from './table/row-mask.js'
import { hiddenColumns } from './table/row-tracking-sql.js'
import { type SourceTable, sourceTable } from './table/source-table.js'
import { tableSql } from './table/table-sql.js'
import { writeParquet } from './write/write-parquet.js'

const LONG = { type: 'long' } as const
const CONTEXT: ErrorContext = { sqlCode: 'Internal', what: 'The files cannot be rewritten' }

/** See {@link QueryEngine.rewriteFiles}. */
export async function rewriteFiles(
  engine: EngineContext,
  snapshot: Snapshot,
  files: readonly AddFile[],
  target: WriteTarget,
  options: QueryOptions,
): Promise<WrittenFile[]> {
  const directory = join(engine.workDirectory, `rewrite-${randomUUID()}`)
  const staged = await engine.stager.stage({ snapshot, files }, options)
  try {
    await mkdir(directory)
    const lease = await engine.instances.connect([...staged.directories, await realpath(engine.workDirectory)])
    try {
      const written: WrittenFile[] = []
      for (const [i, group] of byPartition(staged.files).entries()) {
        const table = sourceTable(snapshot, snapshot.schema, { ...staged, files: group })
        const folder = join(directory, String(i))
        await mkdir(folder)
        written.push(...(await rewritePartition(lease.connection, table, target, folder, options.signal)))
      }
      return written
    } finally {
      lease.release()
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  } finally {
    staged.release()
  }
}

/** Files of one partition; their rows keep their order. */
async function rewritePartition(
  connection: DuckDBConnection,
  table: SourceTable,
  target: WriteTarget,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<WrittenFile[]> {
  const fields = target.schema.fields.filter(({ name }) => !target.partitionColumns.includes(name))
  // Ids and versions of rows that move stand in the files from now on (PROTOCOL.md, "Row Tracking").
  const hidden = hiddenColumns(table.rowTracking).map((name) => ({
    name,
    dataType: LONG,
    nullable: true,
    metadata: {},
  }))
  const source = { ...table, schema: { ...target.schema, fields }, materializesRowTracking: true }
  const select = tableSql(source, await bitMask(connection, directory, table.files))
  const schema = { ...target.schema, fields: [...fields, ...hidden] }
  const unpartitioned = { ...target, schema, partitionColumns: [] }
  const written = await writeParquet(connection, select, unpartitioned, directory, CONTEXT, signal)
  const partitionValues = valuesOf(table, target, table.files[0]?.partitionValues ?? {})
  return written.map(({ localPath, size, numRows }) => ({ localPath, size, numRows, partitionValues }))
}

function byPartition(files: readonly StagedFile[]): StagedFile[][] {
  const groups = new Map<string, StagedFile[]>()
  for (const file of files) {
    const key = JSON.stringify(Object.entries(file.partitionValues).sort(([a], [b]) => (a < b ? -1 : 1)))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [file])
    else group.push(file)
  }
  return [...groups.values()]
}

/** By logical names, serialised as new files have them. */
function valuesOf(
  { columnMapping }: SourceTable,
  { schema, partitionColumns }: WriteTarget,
  values: PartitionValues,
): { readonly [column: string]: string | null } {
  const fields = schema.fields.filter(({ name }) => partitionColumns.includes(name))
  return Object.fromEntries(
    fields.map((field) => {
      const text = values[storedName(field, columnMapping)] ?? null
      return [field.name, serializePartitionValue(parsePartitionValue(text, field.dataType), field.dataType)]
    }),
  )
}
