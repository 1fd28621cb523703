import type { RecordBatch } from 'apache-arrow'
import type { RuleEvaluator } from '../../../engine/rule-evaluator.js'
import { acceptedSchema, computedColumns, type RowRules } from '../../../protocol/rules/row-rules.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import { tell } from '../../../runtime/observer.js'
import type { StructType } from '../../../schema/data-type.js'
import type { EngineHandle } from '../engine-handle.js'
import type { FileSource } from '../file-source.js'
import type { OperationOptions } from '../operation-options.js'
import { inputGroups, type RowsInput } from '../rows-input.js'
import { fillIdentities } from './fill-identities.js'
import { givenInBatch, givenInRows } from './given-columns.js'
import type { WriteRules } from './write-rules.js'

/** What rows are written for. */
export interface RuledTarget {
  readonly schema: StructType
  readonly rules: RowRules
  /** Remembers what identity columns were given. */
  readonly state: WriteRules
  /** When the write began, in milliseconds since the epoch. */
  readonly now: number
}

/**
 * Rows or Arrow data as batches of the table's schema, with their computed columns, every rule checked. The SQL engine is started where a rule is SQL.
 *
 * @throws SchemaMismatch; InvalidInput; ConstraintViolated after the last row, with the count of those that break a rule; UnsupportedFeature before the first
 */
export async function* ruledBatches(
  input: Exclude<RowsInput, FileSource>,
  target: RuledTarget,
  engine: EngineHandle,
  options: OperationOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  const { schema, state, now } = target
  const { signal, observer } = options
  const [{ conformBatch }, { encodeRows }, { relabelBatch }, { arrowSchema }] = await Promise.all([
    import('../../../arrow/conform-batch.js'),
    import('../../../arrow/encode/encode-rows.js'),
    import('../../../arrow/relabel-batch.js'),
    import('../../../arrow/arrow-schema.js'),
  ])
  const columns = computedColumns(target.rules)
  const accepted = acceptedSchema(schema, target.rules)
  const evaluator: RuleEvaluator | undefined = isSql(target.rules)
    ? await (await engine.open()).openRules(target.rules, schema, now, { ...(signal && { signal }) })
    : undefined
  let { rules } = target
  let rows = 0
  for await (const group of inputGroups(input)) {
    throwIfAborted(signal)
    const batch = Array.isArray(group) ? encodeRows(group, accepted, rows) : conformBatch(group, accepted)
    const given = Array.isArray(group) ? givenInRows(group, columns) : givenInBatch(group, columns)
    const numbered = fillIdentities(batch, given, rules.identities, rows, state)
    rules = { ...rules, identities: numbered.identities }
    const done =
      evaluator === undefined
        ? relabelBatch(numbered.batch, arrowSchema(schema))
        : await evaluator.apply(numbered.batch, numbered.given)
    rows += batch.numRows
    tell(observer, { type: 'progress', operation: 'WRITE', rows })
    if (done !== undefined) yield done
  }
  evaluator?.finish()
}

function isSql({ checks, defaults, generated }: RowRules): boolean {
  return checks.length > 0 || defaults.length > 0 || generated.length > 0
}
