import type { QueryEngine } from '../../../engine/query-engine.js'
import type { ParsedRowChange } from '../../../engine/row-change.js'
import type { Predicate } from '../../../expressions/predicate.js'
import { hasFeature } from '../../../protocol/features/protocol-features.js'
import { ENABLE_CHANGE_DATA_FEED, ENABLE_DELETION_VECTORS } from '../../../protocol/properties/table-properties.js'
import { tableProperty } from '../../../protocol/properties/table-property.js'
import { planScan } from '../../../scan/plan-scan.js'
import type { ScanPlan } from '../../../scan/scan-plan.js'
import { advanceSnapshot } from '../../../snapshot/advance-snapshot.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { newFilesTarget } from '../new-files-target.js'
import { WriteRules } from '../rules/write-rules.js'
import { commitChange } from './commit-change.js'
import { decideFiles } from './decide-files.js'
import { dryResult } from './dry-result.js'
import { removeFiles } from './remove-files.js'
import { rewriteShareOf } from './rewrite-share.js'
import type { ChangedRows, PreparedChange, RowChangeKind } from './row-change-kind.js'
import type { RowChangeOptions } from './row-change-options.js'
import { stageChange } from './stage-change.js'

/** Works a change out on one version of the table and commits it. Errors as `changeRows`. */
export async function attemptChange(
  snapshot: Snapshot,
  kind: RowChangeKind,
  engine: QueryEngine,
  options: RowChangeOptions,
): Promise<ChangedRows> {
  const { operation } = kind
  const { signal, observer, dryRun = false, txn } = options
  const { metadata, protocol, location } = snapshot
  const clock = location.runtime.clock
  const started = clock.now()
  const rewriteShare = rewriteShareOf(options)
  const vectors = hasFeature(protocol, 'deletionVectors') && tableProperty(metadata, ENABLE_DELETION_VECTORS)
  const changeFeed = tableProperty(metadata, ENABLE_CHANGE_DATA_FEED)
  const prepared = await kind.prepare(snapshot, engine)
  if (prepared.goesWhole !== undefined) return removeFiles(snapshot, kind, prepared, options)
  const table = withMetadata(snapshot, prepared)
  const state = new WriteRules(table)
  const rules = state.applied(table.schema, table.metadata, started)
  const { text, parsed } = prepared
  const change =
    parsed !== undefined && rules === undefined
      ? parsed
      : await engine.parseRowChange({ ...text, schema: state.accepted(text.schema, table.metadata) })
  const watched = { ...(signal && { signal }), ...(observer && { observer }) }
  const { source } = prepared
  const target = newFilesTarget(table, options)
  const rows = await engine.changeRows(
    { snapshot: table, change, changeFeed, target, dryRun, ...(source && { source }), ...(rules && { rules }) },
    watched,
  )
  try {
    const predicate = both(prepared.predicate, await prepared.bounds?.())
    const plan = await planChange(table, predicate, change, changeFeed, signal)
    const found = await rows.find(plan)
    const files = decideFiles(found.files, { vectors, rewriteShare })
    const scanTime = clock.now() - started
    if (dryRun) {
      const seen = { scan: plan.counts, clauses: change.clauses, counts: found.counts, files }
      const result = dryResult(snapshot.version, operation, { ...seen, rewriteShare: vectors ? rewriteShare : null })
      return { snapshot, result }
    }
    const further = prepared.actions ?? []
    const changesNothing = found.counts.every((count) => count === 0) && prepared.metadata === undefined
    if (changesNothing && txn === undefined && further.length === 0) {
      return { snapshot, result: { version: snapshot.version, operation, metrics: {}, skipped: true } }
    }
    const staged = await stageChange(table, engine, rows, files, { changeFeed, target, options })
    const metrics = kind.metrics({
      scan: plan.counts,
      clauses: change.clauses,
      counts: found.counts,
      files,
      rewritten: staged.rewritten,
      written: staged.written,
      changeFiles: staged.changes.length,
      sourceRows: source?.numRows ?? 0,
      scanTime,
      rewriteTime: clock.now() - started - scanTime,
    })
    // Awaited here: a failure must find a handler before the engine is closed.
    const changed = { ...prepared, predicate, metadata: state.metadataAfter(table.metadata, table.schema) }
    return await commitChange(snapshot, kind, changed, files, staged, metrics, options)
  } finally {
    await rows.close()
  }
}

/** The table with the schema that it will have. */
function withMetadata(snapshot: Snapshot, { metadata }: PreparedChange): Snapshot {
  if (metadata === undefined) return snapshot
  return advanceSnapshot(snapshot, snapshot.version + 1, [metadata], snapshot.timestamp)
}

function both(a: Predicate | undefined, b: Predicate | undefined): Predicate | undefined {
  return a === undefined || b === undefined ? (a ?? b) : { op: 'and', children: [a, b] }
}

/** The files that may have rows to change, with the columns that are read of them. */
async function planChange(
  snapshot: Snapshot,
  predicate: Predicate | undefined,
  change: ParsedRowChange,
  changeFeed: boolean,
  signal: AbortSignal | undefined,
): Promise<ScanPlan> {
  const names = snapshot.schema.fields.map(({ name }) => name)
  const columns = changeFeed ? names : names.filter((name) => change.columns.has(name))
  return planScan(snapshot, { columns, ...(predicate && { where: predicate }), ...(signal && { signal }) })
}
