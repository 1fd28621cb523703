import { DeltaError } from '../../errors/delta-error.js'
import { hasRowRules, rowRules } from '../../protocol/rules/row-rules.js'
import { columnName } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/**
 * Passes if no constraint and no generated column looks at a column, or at a field in it: their expressions name columns as they are. InvalidArgument naming the rule otherwise.
 *
 * @throws UnsupportedFeature for a rule that cannot be understood
 */
export async function checkNotInRules(
  { schema, metadata, protocol }: Snapshot,
  path: readonly string[],
  verb: string,
): Promise<void> {
  const rules = rowRules(schema, metadata, protocol)
  if (!hasRowRules(rules)) return
  const { compileRules } = await import('../../engine/duckdb/rules/compile-rules.js')
  const { checks, generated } = compileRules(rules, schema, 0n)
  const declared = checks.filter(({ label }) => rules.checks.some((check) => check.label === label))
  const column = path[0]?.toLowerCase()
  const user = [...declared, ...generated].find(({ columns }) =>
    [...columns].some((name) => name.toLowerCase() === column),
  )
  if (user === undefined) return
  throw new DeltaError(
    'InvalidArgument',
    `Column ${columnName(path)} cannot be ${verb}: ${user.label} looks at it. Drop that first, and add it again afterwards.`,
    { details: { column: columnName(path), rule: user.label } },
  )
}
