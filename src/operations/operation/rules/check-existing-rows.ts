import { readScan } from '../../../data-files/read-scan.js'
import type { RowCheck, RowRules } from '../../../protocol/rules/row-rules.js'
import { planScan } from '../../../scan/plan-scan.js'
import type { StructType } from '../../../schema/data-type.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { EngineHandle } from '../engine-handle.js'
import type { OperationOptions } from '../operation-options.js'

/**
 * Passes if every row of a version fulfils a condition: to be asked before it becomes a constraint (PROTOCOL.md, "CHECK Constraints").
 *
 * @throws ConstraintViolated with the first row, as far as the condition looks at it, and the count; UnsupportedFeature, UnknownColumn, InvalidArgument for a condition that cannot be evaluated
 */
export async function checkExistingRows(snapshot: Snapshot, check: RowCheck, options: OperationOptions): Promise<void> {
  const { signal, observer } = options
  await using handle = new EngineHandle(options)
  const engine = await handle.open()
  const rules = { checks: [check], defaults: [], generated: [], identities: [] }
  const watched = { ...(signal && { signal }), ...(observer && { observer }) }
  const now = snapshot.location.runtime.clock.now()
  const plan = await planScan(snapshot, { columns: await columnsOf(rules, snapshot.schema), ...(signal && { signal }) })
  const evaluator = await engine.openRules(rules, plan.schema, now, watched)
  for await (const batch of readScan(plan, watched)) await evaluator.apply(batch, new Map())
  evaluator.finish()
}

/** What a condition looks at; a column where it looks at none, for its rows. */
async function columnsOf(rules: RowRules, schema: StructType): Promise<readonly string[]> {
  const { compileRules } = await import('../../../engine/duckdb/rules/compile-rules.js')
  const columns = compileRules(rules, schema, 0n).checks.flatMap((check) => [...check.columns])
  return columns.length > 0 ? columns : schema.fields.slice(0, 1).map(({ name }) => name)
}
