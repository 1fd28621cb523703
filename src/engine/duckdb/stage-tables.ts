import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { planScan } from '../../scan/plan-scan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions } from '../query-engine.js'
import type { StagedFile } from '../staging/staged-table.js'
import type { EngineContext } from './engine-context.js'
import type { TableNeeds } from './planner/table-needs.js'
import { type SourceTable, sourceTable } from './table/source-table.js'

/** The tables of a query, ready to be read from local disk, until they are released. */
export interface StagedTables {
  readonly tables: ReadonlyMap<string, SourceTable>
  readonly directories: readonly string[]
  release(): void
}

const TABLES_AT_ONCE = 8

/** Plans the scan of each table by what the query needs of it and brings its files to local disk. */
export async function stageTables(
  engine: EngineContext,
  snapshots: ReadonlyMap<string, Snapshot>,
  needs: ReadonlyMap<string, TableNeeds>,
  options: QueryOptions,
): Promise<StagedTables> {
  const releases: (() => void)[] = []
  const directories = new Set<string>()
  const tables = new Map<string, SourceTable>()
  let failed = false
  try {
    const staged = mapConcurrent(snapshots, TABLES_AT_ONCE, async ([name, snapshot]) => {
      const table = await stageTable(engine, snapshot, needs.get(name), options)
      // Another table may have failed in the meantime.
      if (failed) table.release()
      else releases.push(table.release)
      return { name, snapshot, table }
    })
    for await (const { name, snapshot, table } of staged) {
      for (const directory of table.directories) directories.add(directory)
      tables.set(name, sourceTable(snapshot, snapshot.schema, { ...table, files: plainFirst(table.files) }))
    }
    return { tables, directories: [...directories], release: () => releases.forEach((release) => void release()) }
  } catch (error) {
    failed = true
    for (const release of releases) release()
    throw error
  }
}

async function stageTable(
  engine: EngineContext,
  snapshot: Snapshot,
  need: TableNeeds | undefined,
  { signal, observer }: QueryOptions,
): ReturnType<EngineContext['stager']['stage']> {
  const { columns, predicate } = need ?? {}
  const plan = await planScan(snapshot, {
    ...(columns && { columns: [...columns] }),
    ...(predicate && { where: predicate }),
    ...(signal && { signal }),
  })
  const request = { snapshot, files: plan.files(), ...(columns && { columns }), ...(predicate && { predicate }) }
  return engine.stager.stage(request, { ...(signal && { signal }), ...(observer && { observer }) })
}

/** Files without deletion vectors are scanned faster among themselves, and SQL promises no order. */
function plainFirst(files: readonly StagedFile[]): readonly StagedFile[] {
  return [
    ...files.filter((file) => file.deletedRows === undefined),
    ...files.filter((file) => file.deletedRows !== undefined),
  ]
}
