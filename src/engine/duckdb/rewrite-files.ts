import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../data-files/write-target.js'
import type { AddFile, PartitionValues } from '../../protocol/actions/action.js'
import { parsePartitionValue, serializePartitionValue } from '../../protocol/partition-value.js'
import { columnMappingMode, storedName } from '../../schema/column-mapping.js'
import type { StructField, StructType } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions } from '../query-engine.js'
import { hasVariant } from '../staging/json-column.js'
import { rewriteDecoded } from '../staging/rewrite-decoded.js'
import type { StagedFile } from '../staging/staged-table.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { misreadsFiles } from './table/misread-files.js'
import { bitMask } from './table/row-mask.js'
import { hiddenColumns } from './table/row-tracking-sql.js'
import { rowTrackingOf, type SourceTable, sourceTable } from './table/source-table.js'
import { BLOCK_FILES, tableSql } from './table/table-sql.js'
import { contiguousShares } from './write/contiguous-shares.js'
import { laneCount, writeInLanes } from './write/lanes.js'

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
  await mkdir(directory)
  try {
    const written: WrittenFile[] = []
    for (const [i, group] of byPartition(files).entries()) {
      const folder = join(directory, String(i))
      await mkdir(folder)
      const partitionValues = valuesOf(snapshot, target, group[0]?.partitionValues ?? {})
      const rewritten = await rewritePartition(engine, snapshot, group, target, folder, options)
      for (const { localPath, size, numRows } of rewritten) written.push({ localPath, size, numRows, partitionValues })
    }
    return written
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

/** Files of one partition; their rows keep their order. */
async function rewritePartition(
  engine: EngineContext,
  snapshot: Snapshot,
  files: readonly AddFile[],
  target: WriteTarget,
  directory: string,
  options: QueryOptions,
): Promise<Omit<WrittenFile, 'partitionValues'>[]> {
  const { signal, observer } = options
  const staging = { ...(signal && { signal }), ...(observer && { observer }) }
  const isStored = ({ name }: StructField): boolean => !target.partitionColumns.includes(name)
  // The same columns, which the target may have under other names in files.
  const stored: StructType = { type: 'struct', fields: snapshot.schema.fields.filter(isStored) }
  const fields = target.schema.fields.filter(isStored)
  // Ids and versions of rows that move stand in the files from now on (PROTOCOL.md, "Row Tracking").
  const hidden = hiddenColumns(rowTrackingOf(snapshot)).map((name) => ({
    name,
    dataType: LONG,
    nullable: true,
    metadata: {},
  }))
  const schema: StructType = { type: 'struct', fields: [...fields, ...hidden] }
  const unpartitioned = { ...target, schema, partitionColumns: [] }
  const decoded = () => rewriteDecoded(snapshot, files, stored, unpartitioned, directory, staging)
  if (fields.some(({ dataType }) => hasVariant(dataType))) return decoded()
  const staged = await engine.stager.stage({ snapshot, files }, staging)
  try {
    const table = { ...sourceTable(snapshot, stored, staged), materializesRowTracking: true }
    // The engine's own folder, as for a change of rows: one instance, and one limit of memory, for both.
    const folders = [...staged.directories, await realpath(engine.workDirectory)]
    if (await needsDecoding(engine, table, folders)) return await decoded()
    const sizes = new Map(staged.files.map((file, i) => [file, files[i]?.size ?? 0]))
    const count = laneCount(engine, totalOf(sizes.values()))
    const shares = contiguousShares(staged.files, count, (file) => sizes.get(file) ?? 0)
    const lanes = shares.map((share, lane) =>
      blocksOf(share).map((block, i) => ({
        directory: join(directory, `${lane}-${i}`),
        select: async (connection: DuckDBConnection) => {
          return tableSql({ ...table, files: block }, await bitMask(connection, directory, block))
        },
      })),
    )
    const { rowGroupRows } = engine
    return await writeInLanes(engine, folders, lanes, unpartitioned, {
      operation: 'rewrite',
      rowGroupRows,
      context: CONTEXT,
      signal,
      observer,
    })
  } finally {
    staged.release()
  }
}

async function needsDecoding(engine: EngineContext, table: SourceTable, folders: readonly string[]): Promise<boolean> {
  const lease = await engine.instances.connect(folders)
  try {
    return await misreadsFiles(lease.connection, table, engine.checked)
  } finally {
    lease.release()
  }
}

/** Files that one SELECT reads without a UNION ALL. */
function blocksOf(files: readonly StagedFile[]): (readonly StagedFile[])[] {
  const count = Math.ceil(files.length / BLOCK_FILES)
  return Array.from({ length: count }, (_, i) => files.slice(i * BLOCK_FILES, (i + 1) * BLOCK_FILES))
}

function totalOf(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}

function byPartition(files: readonly AddFile[]): AddFile[][] {
  const groups = new Map<string, AddFile[]>()
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
  { metadata, schema }: Snapshot,
  { partitionColumns }: WriteTarget,
  values: PartitionValues,
): { readonly [column: string]: string | null } {
  const mode = columnMappingMode(metadata.configuration)
  const fields = schema.fields.filter(({ name }) => partitionColumns.includes(name))
  return Object.fromEntries(
    fields.map((field) => {
      const text = values[storedName(field, mode)] ?? null
      return [field.name, serializePartitionValue(parsePartitionValue(text, field.dataType), field.dataType)]
    }),
  )
}
