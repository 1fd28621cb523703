import { DeltaError } from '../../../errors/delta-error.js'
import { hasRowRules, rowRules } from '../../../protocol/rules/row-rules.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'

/** UnsupportedFeature where rows of the table have constraints or computed columns, which an operation that writes rows does not apply. */
export function checkNoRowRules({ schema, metadata, protocol }: Snapshot, operation: string): void {
  const { checks, defaults, generated, identities } = rowRules(schema, metadata, protocol)
  if (!hasRowRules({ checks, defaults, generated, identities })) return
  const names = [
    ...checks.map(({ label }) => label),
    ...[...defaults, ...generated, ...identities].map(({ column }) => `computed column ${column}`),
  ]
  throw new DeltaError(
    'UnsupportedFeature',
    `${operation} does not apply the rules of the table (${names.join(', ')}) yet. Use another engine for it, or append and overwrite.`,
    { details: { rules: names } },
  )
}
