import { planScan } from '../../scan/plan-scan.js'
import type { ScanPlan } from '../../scan/scan-plan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions, QueryResult } from '../query-engine.js'
import type { StagedFile, StagedTable } from '../staging/staged-table.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { leasedResult } from './leased-result.js'
import { planQuery } from './planner/plan-query.js'
import { createView } from './table/create-view.js'
import { sourceTable } from './table/source-table.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidQuery', what: 'The query failed' }

/** See {@link QueryEngine.query}. */
export async function runQuery(
  engine: EngineContext,
  text: string,
  tables: { readonly [name: string]: Snapshot },
  options: QueryOptions,
): Promise<QueryResult> {
  const schemas = new Map(Object.entries(tables).map(([name, snapshot]) => [name, snapshot.schema]))
  const { sql, needs } = await planQuery(engine.planner, text, schemas)
  const staged: { name: string; plan: ScanPlan; table: StagedTable }[] = []
  const release = (): void => {
    for (const { table } of staged) table.release()
  }
  try {
    for (const [name, snapshot] of Object.entries(tables)) {
      const need = needs.get(name)
      const plan = await planScan(snapshot, {
        ...(need === undefined ? {} : { columns: [...need.columns] }),
        ...(need?.predicate === undefined ? {} : { where: need.predicate }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      })
      const table = await engine.stager.stage({ location: snapshot.location, files: plan.files() }, options.signal)
      staged.push({ name, plan, table })
    }
    const lease = await engine.instances.connect(staged.flatMap(({ table }) => [...table.directories]))
    try {
      for (const { name, plan, table } of staged) {
        await createView(
          lease.connection,
          name,
          sourceTable(plan.snapshot, plan.snapshot.schema, { ...table, files: plainFirst(table.files) }),
        )
      }
      return await leasedResult(lease, sql, CONTEXT, options, release)
    } catch (error) {
      lease.release()
      throw error
    }
  } catch (error) {
    release()
    throw error
  }
}

/** Files without deletion vectors are scanned faster among themselves, and SQL promises no order. */
function plainFirst(files: readonly StagedFile[]): readonly StagedFile[] {
  return [
    ...files.filter((file) => file.deletedRows === undefined),
    ...files.filter((file) => file.deletedRows !== undefined),
  ]
}
