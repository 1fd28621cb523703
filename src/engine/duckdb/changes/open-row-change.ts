import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DeltaError } from '../../../errors/delta-error.js'
import type { QueryOptions } from '../../query-engine.js'
import type { RowChange, RowChangeRequest, SourceRows } from '../../row-change.js'
import type { StagedTable } from '../../staging/staged-table.js'
import type { EngineContext } from '../engine-context.js'
import type { Lease } from '../instance-pool.js'
import type { CheckedFiles } from '../table/checked-files.js'
import { misreadsFiles } from '../table/misread-files.js'
import { joinMask } from '../table/row-mask.js'
import { hiddenColumns } from '../table/row-tracking-sql.js'
import { rowTrackingOf, sourceTable } from '../table/source-table.js'
import { tableSql } from '../table/table-sql.js'
import { type ChangeRelations, changeRelations } from './change-relations.js'
import { DuckDbRowChange } from './duckdb-row-change.js'
import { readSource, sourceColumns } from './spool-query.js'

/** DuckDB does not know how many rows the table has, and would keep them all in memory to look for the few of the source. Joins are written in the order in which they are best done. */
const KEPT_ORDER = 'join_order,build_side_probe_side'

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
    const lease = await engine.instances.connect([
      ...staged.directories,
      ...(source?.paths ?? []).map((path) => dirname(path)),
      await realpath(engine.workDirectory),
    ])
    try {
      await lease.connection.run(`SET disabled_optimizers = '${KEPT_ORDER}'`)
      await createTarget(lease, request, staged, names, engine.checked)
      if (source !== undefined) await createSource(lease, source, names)
      const close = async (): Promise<void> => {
        await lease.connection.run('RESET disabled_optimizers').catch(() => undefined)
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
  checked: CheckedFiles,
): Promise<void> {
  const readable = sourceTable(plan.snapshot, plan.readSchema, staged)
  if (await misreadsFiles(connection, readable, checked)) {
    throw new DeltaError(
      'UnsupportedFeature',
      'Some data files of the table hold columns in another form than its schema says: a struct of which no field is left, or types that do not fit. Their rows cannot be changed one by one: run optimize first.',
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
  const columns = sourceColumns(source)
  const position = `((CAST(file_index AS BIGINT) << 40) + file_row_number) AS ${names.sourceRow}`
  await connection.run(
    `CREATE TEMP VIEW ${names.source} AS SELECT ${[...columns, position].join(', ')} FROM ${readSource(source)}`,
  )
}

function unquoted(identifier: string): string {
  return identifier.slice(1, -1).replaceAll('""', '"')
}
