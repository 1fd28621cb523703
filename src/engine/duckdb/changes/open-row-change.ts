import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DeltaError } from '../../../errors/delta-error.js'
import type { StructType } from '../../../schema/data-type.js'
import type { QueryOptions } from '../../query-engine.js'
import type { RowChange, RowChangeRequest, SourceRows } from '../../row-change.js'
import type { StagedTable } from '../../staging/staged-table.js'
import type { EngineContext } from '../engine-context.js'
import type { Lease } from '../instance-pool.js'
import { quotePath } from '../quote-path.js'
import { hasForeignStructs } from '../table/foreign-structs.js'
import { joinMask } from '../table/row-mask.js'
import { hiddenColumns } from '../table/row-tracking-sql.js'
import { rowTrackingOf, sourceTable } from '../table/source-table.js'
import { tableSql } from '../table/table-sql.js'
import { type ChangeRelations, changeRelations } from './change-relations.js'
import { DuckDbRowChange } from './duckdb-row-change.js'

/** See {@link QueryEngine.changeRows}. */
export async function openRowChange(
  engine: EngineContext,
  request: RowChangeRequest,
  options: QueryOptions,
): Promise<RowChange> {
  const { plan, change, source } = request
  const { signal, observer } = options
  const names = changeRelations(change)
  const files = [...plan.files()]
  const tracking = rowTrackingOf(plan.snapshot)
  const staged = await engine.stager.stage(
    {
      snapshot: plan.snapshot,
      files,
      columns: new Set(plan.readSchema.fields.map(({ name }) => name)),
      rowPositions: true,
      hiddenColumns: hiddenColumns(tracking),
    },
    { ...(signal && { signal }), ...(observer && { observer }) },
  )
  const directory = join(engine.workDirectory, `change-${randomUUID()}`)
  try {
    await mkdir(directory)
    const lease = await engine.instances.connect([...staged.directories, await realpath(engine.workDirectory)])
    try {
      await createTarget(lease, request, staged, names)
      if (source !== undefined) await createSource(lease, source, names)
      const close = async (): Promise<void> => {
        lease.release()
        staged.release()
        await rm(directory, { recursive: true, force: true })
      }
      return new DuckDbRowChange({ engine, request, files, lease, names, directory, tracking, close, signal, observer })
    } catch (error) {
      lease.release()
      throw error
    }
  } catch (error) {
    staged.release()
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function createTarget(
  { connection }: Lease,
  { plan }: RowChangeRequest,
  staged: StagedTable,
  names: ChangeRelations,
): Promise<void> {
  const readable = sourceTable(plan.snapshot, plan.readSchema, staged)
  if (await hasForeignStructs(connection, readable)) {
    throw new DeltaError(
      'UnsupportedFeature',
      'A struct column of the table shares no field with what some of its files hold, because its fields were dropped and others added. Its rows cannot be changed one by one: run optimize first.',
    )
  }
  const table = {
    ...readable,
    // Columns that are not read have no bytes here: reading them is an error.
    schema: plan.snapshot.schema,
    ...(plan.readSchema.fields.length < plan.snapshot.schema.fields.length
      ? { availableColumns: new Set(plan.readSchema.fields.map(({ name }) => name)) }
      : {}),
    materializesRowTracking: true,
    positions: { file: unquoted(names.file), row: unquoted(names.row) },
  }
  const select = tableSql(table, await joinMask(connection, 'target', staged.files))
  await connection.run(`CREATE TEMP VIEW ${names.target} AS ${select}`)
}

async function createSource({ connection }: Lease, source: SourceRows, names: ChangeRelations): Promise<void> {
  const columns = source.schema.fields.map(({ name }) => `"${name.replaceAll('"', '""')}"`)
  const position = `((CAST(file_index AS BIGINT) << 40) + file_row_number) AS ${names.sourceRow}`
  const from =
    source.paths.length === 0
      ? emptySource(source.schema)
      : `SELECT ${[...columns, position].join(', ')} FROM read_parquet([${source.paths.map(quotePath).join(', ')}], hive_partitioning = false)`
  await connection.run(`CREATE TEMP VIEW ${names.source} AS ${from}`)

  function emptySource({ fields }: StructType): never {
    throw new DeltaError(
      'Internal',
      `A source of ${fields.length} columns has no file. This is a defect of lakewright; please report it.`,
    )
  }
}

function unquoted(identifier: string): string {
  return identifier.slice(1, -1).replaceAll('""', '"')
}
