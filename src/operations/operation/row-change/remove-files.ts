import type { AddFile } from '../../../protocol/actions/action.js'
import { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import { planScan } from '../../../scan/plan-scan.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { removeFile } from '../live-files.js'
import { commitChange } from './commit-change.js'
import type { DecidedFile } from './decide-files.js'
import { dryResult } from './dry-result.js'
import type { ChangedRows, PreparedChange, RowChangeKind } from './row-change-kind.js'
import type { RowChangeOptions } from './row-change-options.js'

/** A delete of all rows of some files: none of them is opened. Errors as `changeRows`. */
export async function removeFiles(
  snapshot: Snapshot,
  kind: RowChangeKind,
  prepared: PreparedChange,
  options: RowChangeOptions,
): Promise<ChangedRows> {
  const { location, version, metadata } = snapshot
  const { predicate, goesWhole, text } = prepared
  const started = location.runtime.clock.now()
  const plan = await planScan(snapshot, {
    columns: [],
    ...(predicate && { where: predicate }),
    ...(options.signal && { signal: options.signal }),
  })
  const files: DecidedFile[] = []
  let rows = 0
  for (const file of plan.files()) {
    if (goesWhole?.(file) !== true) continue
    files.push({ file, rows: RowSet.EMPTY, fate: 'remove', left: 0 })
    rows += liveRows(file)
  }
  const { operation } = kind
  const seen = { scan: plan.counts, clauses: text.clauses, counts: [rows], files }
  if (options.dryRun) return { snapshot, result: dryResult(version, operation, { ...seen, rewriteShare: null }) }
  if (files.length === 0 && options.txn === undefined) {
    return { snapshot, result: { version, operation, metrics: {}, skipped: true } }
  }
  const now = location.runtime.clock.now()
  const actions = files.map(({ file }) => removeFile(file, { now, dataChange: true }))
  const nothing = { rewritten: [], written: [], changes: [], paths: [] }
  const facts = {
    ...seen,
    rewritten: [],
    written: [],
    changeFiles: 0,
    sourceRows: 0,
    scanTime: now - started,
    rewriteTime: 0,
  }
  return commitChange(
    snapshot,
    kind,
    { ...prepared, metadata },
    files,
    { ...nothing, actions },
    kind.metrics(facts),
    options,
  )
}

/** As far as the log says how many there are. */
function liveRows({ stats, deletionVector }: AddFile): number {
  const records: unknown = stats === undefined ? undefined : JSON.parse(stats).numRecords
  return typeof records === 'number' ? records - (deletionVector?.cardinality ?? 0) : 0
}
