import { DeltaError } from '../../errors/delta-error.js'
import { upgradeProtocol } from '../../protocol/features/upgrade-protocol.js'
import { CONSTRAINT_PREFIX, constraintProperties } from '../../protocol/rules/constraint-properties.js'
import { checkExistingRows } from '../operation/rules/check-existing-rows.js'
import { checkRowRules } from '../operation/rules/check-row-rules.js'
import { findConstraint } from './find-constraint.js'
import type { TableChange } from './table-change.js'

/**
 * Adds a condition, in Spark SQL, that every row must fulfil from now on (PROTOCOL.md, "CHECK Constraints"). The rows that are there are checked first.
 *
 * @throws ConstraintViolated with the first row that does not fulfil it and the count; InvalidArgument for a name that is taken, or a condition that does not parse; UnknownColumn; UnsupportedFeature for
 * a condition that cannot be evaluated as Spark does
 */
export function addConstraint(name: string, expression: string): TableChange {
  const property = constraintProperties({ [name]: expression })
  return async (snapshot, options) => {
    const { metadata, schema, location } = snapshot
    const twin = findConstraint(metadata, name)
    if (twin !== undefined) {
      throw new DeltaError(
        'InvalidArgument',
        `${location.url} has a constraint ${twin.slice(CONSTRAINT_PREFIX.length)} already: drop it first, or choose another name.`,
        { details: { table: location.url, constraint: name } },
      )
    }
    const after = { ...metadata, configuration: { ...metadata.configuration, ...property } }
    const protocol = upgradeProtocol(snapshot.protocol, ['checkConstraints'])
    await checkRowRules(schema, after, protocol)
    await checkExistingRows(snapshot, { label: `CHECK constraint ${name}`, name, expression }, options)
    return {
      operation: 'ADD CONSTRAINT',
      operationParameters: { name, expr: expression },
      metadata: after,
      ...(protocol !== snapshot.protocol && { protocol }),
      read: { wholeTable: true },
      isolation: 'Serializable',
    }
  }
}
