import { readScan } from '../../../data-files/read-scan.js'
import type { RowCheck } from '../../../protocol/rules/row-rules.js'
import { planScan } from '../../../scan/plan-scan.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { EngineHandle } from '../engine-handle.js'
import type { OperationOptions } from '../operation-options.js'

/**
 * Passes if every row of a version fulfils a condition: to be asked before it becomes a constraint (PROTOCOL.md, "CHECK Constraints").
 *
 * @throws ConstraintViolated with the first row and the count; UnsupportedFeature, UnknownColumn, InvalidArgument for a condition that cannot be evaluated
 */
export async function checkExistingRows(snapshot: Snapshot, check: RowCheck, options: OperationOptions): Promise<void> {
  const { signal, observer } = options
  await using handle = new EngineHandle(options)
  const engine = await handle.open()
  const rules = { checks: [check], defaults: [], generated: [], identities: [] }
  const watched = { ...(signal && { signal }), ...(observer && { observer }) }
  const evaluator = await engine.openRules(rules, snapshot.schema, snapshot.location.runtime.clock.now(), watched)
  const plan = await planScan(snapshot, signal === undefined ? {} : { signal })
  for await (const batch of readScan(plan, watched)) await evaluator.apply(batch, new Map())
  evaluator.finish()
}
