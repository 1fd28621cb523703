import { DeltaError } from '../../errors/delta-error.js'
import { upgradeProtocol } from '../../protocol/features/upgrade-protocol.js'
import { CURRENT_DEFAULT } from '../../schema/column-rules.js'
import type { StructField } from '../../schema/data-type.js'
import { editField } from '../../schema/evolve/edit-column.js'
import { checkRowRules } from '../operation/rules/check-row-rules.js'
import { changeColumn } from './change-column.js'
import type { TableChange } from './table-change.js'

/**
 * Gives rows that do not mention a column a value from now on: an expression of Spark SQL; null takes the default away (PROTOCOL.md, "Default Columns"). Rows that are there stay as they are.
 *
 * @throws UnknownColumn; InvalidArgument for an expression that does not parse; UnsupportedFeature for one that cannot be evaluated as Spark does; InvalidSchema for a column that is computed otherwise
 */
export function setDefault(column: string, expression: string | null): TableChange {
  return async (snapshot) => {
    let changed: StructField | undefined
    const schema = editField(snapshot.schema, [column], (field) => {
      const { [CURRENT_DEFAULT]: _, ...metadata } = field.metadata
      changed = { ...field, metadata: expression === null ? metadata : { ...metadata, [CURRENT_DEFAULT]: expression } }
      return changed
    })
    const field = changed as StructField
    if (field.dataType.type === 'variant' && expression !== null) {
      throw new DeltaError('InvalidSchema', `Column ${field.name} is a variant, which has no default but null.`, {
        details: { column: field.name },
      })
    }
    const protocol =
      expression === null ? snapshot.protocol : upgradeProtocol(snapshot.protocol, ['allowColumnDefaults'])
    const { metadata, location } = snapshot
    const altered = changeColumn({ protocol, metadata, location }, { schema, path: [field.name], field })
    await checkRowRules(schema, metadata, protocol)
    return { ...altered, ...(protocol !== snapshot.protocol && { protocol }) }
  }
}
