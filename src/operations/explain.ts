import { bindPredicate } from '../expressions/bind.js'
import { predicateToSql } from '../expressions/to-sql.js'
import { planScan } from '../scan/plan-scan.js'
import type { ScanCounts } from '../scan/scan-plan.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { EngineHandle } from './operation/engine-handle.js'
import type { OperationOptions } from './operation/operation-options.js'
import { resolveWhere, type Where } from './operation/where.js'

export interface ExplainOptions extends OperationOptions {
  readonly columns?: readonly string[] | undefined
  readonly where?: Where | undefined
}

/** What a scan would do. */
export interface Explanation {
  readonly version: number
  /** `arrow`: read without the SQL engine; `sql`: the condition needs it. */
  readonly path: 'arrow' | 'sql'
  /** The condition as it was understood. */
  readonly predicate: string | null
  /** The columns that would be read from the files, those for the condition included. */
  readonly columns: readonly string[]
  readonly files: ScanCounts
  /** Size of the files kept; fewer bytes are read where columns or row groups are left out. */
  readonly keptBytes: number
  readonly totalBytes: number
}

/** Plans a scan and says what it would read, and why not more. Opens no data file. */
export async function explain(snapshot: Snapshot, options: ExplainOptions): Promise<Explanation> {
  const { columns, where, signal } = options
  await using engine = new EngineHandle(options)
  const predicate = await resolveWhere(where, snapshot.schema, engine)
  const plan = await planScan(snapshot, {
    ...(columns && { columns }),
    ...(predicate && { where: predicate }),
    ...(signal && { signal }),
  })
  let keptBytes = 0
  for (const { size } of plan.files()) keptBytes += size
  return {
    version: snapshot.version,
    path: predicate !== undefined && bindPredicate(predicate, snapshot.schema).opaque ? 'sql' : 'arrow',
    predicate: predicate === undefined ? null : predicateToSql(predicate, snapshot.schema),
    columns: plan.readSchema.fields.map(({ name }) => name),
    files: plan.counts,
    keptBytes,
    totalBytes: (await snapshot.files(signal)).sizeInBytes,
  }
}
