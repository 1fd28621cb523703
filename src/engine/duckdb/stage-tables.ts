import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { planScan } from '../../scan/plan-scan.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { QueryOptions } from '../query-engine.js'
import type { EngineContext } from './engine-context.js'
import type { TableNeeds } from './planner/table-needs.js'
import { type StagedSource, stageSource } from './stage-source.js'
import type { SourceTable } from './table/source-table.js'

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
      const source = await stageTable(engine, snapshot, needs.get(name), options)
      // Another table may have failed in the meantime.
      if (failed) source.release()
      else releases.push(source.release)
      return { name, source }
    })
    for await (const { name, source } of staged) {
      for (const directory of source.directories) directories.add(directory)
      tables.set(name, plainFirst(source.table))
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
  options: QueryOptions,
): Promise<StagedSource> {
  const { columns, predicate } = need ?? {}
  const plan = await planScan(snapshot, {
    ...(columns && { columns: [...columns] }),
    ...(predicate && { where: predicate }),
    ...(options.signal && { signal: options.signal }),
  })
  return stageSource(engine, plan, snapshot.schema, options)
}

/** Files without deletion vectors are scanned faster among themselves, and SQL promises no order. */
function plainFirst(table: SourceTable): SourceTable {
  const plain = table.files.filter((file) => file.deletedRows === undefined)
  const masked = table.files.filter((file) => file.deletedRows !== undefined)
  return { ...table, files: [...plain, ...masked] }
}
