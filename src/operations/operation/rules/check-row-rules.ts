import { DeltaError, isDeltaError } from '../../../errors/delta-error.js'
import type { Metadata, Protocol } from '../../../protocol/actions/action.js'
import { hasRowRules, type RowRules, rowRules } from '../../../protocol/rules/row-rules.js'
import type { StructType } from '../../../schema/data-type.js'

/**
 * Passes if every constraint and every computed column of a table, as it is to be, can be evaluated: to be asked before such a table is committed. Evaluates nothing.
 *
 * @throws UnsupportedFeature, UnknownColumn, InvalidArgument naming the rule; InvalidSchema for a column that is computed in two ways, or not as the protocol says
 */
export async function checkRowRules(
  schema: StructType,
  metadata: Pick<Metadata, 'configuration'>,
  protocol: Protocol,
): Promise<void> {
  const rules = rulesOf(schema, metadata, protocol)
  if (!hasRowRules(rules)) return
  checkComputedOnce(rules)
  const { compileRules } = await import('../../../engine/duckdb/rules/compile-rules.js')
  compileRules(rules, schema, 0n)
}

/** What would be a corrupt log is a mistake as long as it is not written. */
function rulesOf(schema: StructType, metadata: Pick<Metadata, 'configuration'>, protocol: Protocol): RowRules {
  try {
    return rowRules(schema, metadata, protocol)
  } catch (error) {
    if (!isDeltaError(error, 'CorruptLog')) throw error
    const message = error.message.replace(' The schema was written by a faulty writer.', '')
    throw new DeltaError('InvalidSchema', message, { cause: error, details: error.details })
  }
}

function checkComputedOnce({ defaults, generated, identities }: RowRules): void {
  const names = [...defaults, ...generated, ...identities].map(({ column }) => column)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return
  throw new DeltaError(
    'InvalidSchema',
    `Column ${twice} can have a default, be generated, or be numbered: one of them. Leave the others out.`,
    { details: { column: twice } },
  )
}
