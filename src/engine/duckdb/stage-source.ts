import { rowTrackingNames } from '../../data-files/row-tracking-column.js'
import { isMetadataColumn } from '../../scan/metadata-column.js'
import type { ScanPlan } from '../../scan/scan-plan.js'
import type { StructType } from '../../schema/data-type.js'
import type { QueryOptions } from '../query-engine.js'
import { decodePlan } from '../staging/decode-plan.js'
import { hasVariant } from '../staging/json-column.js'
import type { EngineContext } from './engine-context.js'
import { misreadsFiles } from './table/misread-files.js'
import { hiddenColumns } from './table/row-tracking-sql.js'
import { type SourceTable, sourceTable } from './table/source-table.js'

/** A table ready to be read from local disk, until it is released. */
export interface StagedSource {
  readonly table: SourceTable
  readonly directories: ReadonlySet<string>
  release(): void
}

/**
 * Brings what a plan reads to local disk.
 * @param schema the columns that the table is to have; those beyond the plan's `readSchema` may not be read
 */
export async function stageSource(
  engine: EngineContext,
  plan: ScanPlan,
  schema: StructType,
  options: QueryOptions,
): Promise<StagedSource> {
  // DuckDB does not tell a variant that is null from no variant.
  if (plan.readSchema.fields.some(({ dataType }) => hasVariant(dataType)))
    return stageDecoded(engine, plan, schema, options)
  const staged = await stageStored(engine, plan, schema, options)
  const readable = { ...staged.table, schema: plan.readSchema }
  try {
    const lease = await engine.instances.connect(staged.directories)
    try {
      if (!(await misreadsFiles(lease.connection, readable, engine.checked))) return staged
    } finally {
      lease.release()
    }
  } catch (error) {
    staged.release()
    throw error
  }
  staged.release()
  return stageDecoded(engine, plan, schema, options)
}

/** The files as they are. */
async function stageStored(
  engine: EngineContext,
  plan: ScanPlan,
  schema: StructType,
  { signal, observer }: QueryOptions,
): Promise<StagedSource> {
  const { snapshot, predicate, readSchema } = plan
  const request = {
    snapshot,
    files: plan.files(),
    columns: new Set(readSchema.fields.map(({ name }) => name)),
    ...(predicate && { predicate }),
    ...(readSchema.fields.some(isMetadataColumn)
      ? { rowPositions: true, hiddenColumns: hiddenColumns(rowTrackingNames(snapshot.metadata)) }
      : {}),
  }
  const staged = await engine.stager.stage(request, { ...(signal && { signal }), ...(observer && { observer }) })
  // What is not read here is read in the other way or not at all.
  const isMixed = schema.fields.some(({ dataType }) => hasVariant(dataType))
  const availableColumns = isMixed ? { availableColumns: request.columns } : {}
  return { ...staged, table: sourceTable(snapshot, schema, { ...staged, ...availableColumns }) }
}

/** The rows read through the Arrow path. */
async function stageDecoded(
  engine: EngineContext,
  plan: ScanPlan,
  schema: StructType,
  { signal, observer }: QueryOptions,
): Promise<StagedSource> {
  const { predicate: _, ...unfiltered } = plan
  const options = { ...(signal && { signal }), ...(observer && { observer }) }
  const staged = await decodePlan({ ...unfiltered, schema: plan.readSchema }, engine.workDirectory, options)
  const table = { schema, partitionColumns: [], columnMapping: 'none', files: staged.files } as const
  const { availableColumns } = staged
  return { ...staged, table: { ...table, ...(availableColumns && { availableColumns }) } }
}
