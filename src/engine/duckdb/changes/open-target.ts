import { DeltaError } from '../../../errors/delta-error.js'
import type { AddFile } from '../../../protocol/actions/action.js'
import type { ScanPlan } from '../../../scan/scan-plan.js'
import type { QueryOptions } from '../../query-engine.js'
import type { RowChangeRequest } from '../../row-change.js'
import type { StagedTable } from '../../staging/staged-table.js'
import type { EngineContext } from '../engine-context.js'
import type { Lease } from '../instance-pool.js'
import { lendStaged } from '../lend-staged.js'
import type { CheckedFiles } from '../table/checked-files.js'
import { misreadsFiles } from '../table/misread-files.js'
import { joinMask } from '../table/row-mask.js'
import { hiddenColumns } from '../table/row-tracking-sql.js'
import { rowTrackingOf, sourceTable } from '../table/source-table.js'
import { type RowsWhere, rowsWhere, tableSql } from '../table/table-sql.js'
import { type ChangeRelations, unquoted } from './change-relations.js'
import { changeDirectories, createSource } from './connect-source.js'

/** DuckDB does not know how many rows the table has, and would keep them all in memory to look for the few of the source. Joins are written in the order in which they are best done. */
const KEPT_ORDER = 'join_order,build_side_probe_side'

/** The relations of a change in a connection of its own. */
export interface OpenTarget {
  readonly lease: Lease
  /** In the order in which they were staged. */
  readonly files: readonly AddFile[]
  /** Rows of the table by the conditions of the change, for one without a source. */
  readonly rowsWhere: RowsWhere | undefined
  close(): Promise<void>
}

/** Brings the files that a plan names to where DuckDB reads them, and names them and the source. */
export async function openTarget(
  engine: EngineContext,
  { source, change }: RowChangeRequest,
  plan: ScanPlan,
  names: ChangeRelations,
  { signal, observer }: QueryOptions,
): Promise<OpenTarget> {
  const files = [...plan.files()]
  const directories = await changeDirectories(engine, source)
  const staged = await engine.stager.stage(
    {
      snapshot: plan.snapshot,
      files,
      columns: new Set(plan.readSchema.fields.map(({ name }) => name)),
      rowPositions: true,
      hiddenColumns: hiddenColumns(rowTrackingOf(plan.snapshot)),
    },
    { ...(signal && { signal }), ...(observer && { observer }) },
  )
  const begin = async (lease: Lease): Promise<OpenTarget> => {
    await lease.connection.run(`SET disabled_optimizers = '${KEPT_ORDER}'`)
    const target = await createTarget(lease, plan, staged, names, engine.checked)
    if (source !== undefined) await createSource(lease, source, names)
    const found = source === undefined ? target(change.conditionColumns) : undefined
    const close = async (): Promise<void> => {
      await lease.connection.run('RESET disabled_optimizers').catch(() => undefined)
      lease.release()
      staged.release()
    }
    return { lease, files, rowsWhere: found, close }
  }
  return lendStaged(engine.instances, staged, begin, directories)
}

async function createTarget(
  { connection }: Lease,
  plan: ScanPlan,
  staged: StagedTable,
  names: ChangeRelations,
  checked: CheckedFiles,
): Promise<(conditionColumns: ReadonlySet<string>) => RowsWhere | undefined> {
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
  const mask = await joinMask(connection, 'target', staged.files)
  await connection.run(`CREATE TEMP VIEW ${names.target} AS ${tableSql(table, mask)}`)
  return (conditionColumns) => rowsWhere(table, mask, unquoted(names.target), conditionColumns)
}
