import { DeltaError } from '../../errors/delta-error.js'
import { parseColumnPath } from '../../expressions/column-path.js'
import type { DataType } from '../../schema/data-type.js'
import { canWiden } from '../../schema/evolve/can-widen.js'
import { changeType } from '../../schema/evolve/change-type.js'
import { sameType } from '../../schema/same-type.js'
import { columnName } from '../../schema/schema-error.js'
import { typeText } from '../../schema/type-text.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkPartitionType } from '../operation/check-partition-type.js'
import { typeWidening } from '../operation/evolve-table.js'
import { changeColumn } from './change-column.js'
import { checkNotInRules } from './check-not-in-rules.js'
import type { TableChange } from './table-change.js'

/**
 * Gives a column, a field, an array element, a map key or a map value a wider type (PROTOCOL.md, "Type Widening"). Data files stay as they are: readers convert.
 *
 * @throws UnknownColumn; UnsupportedFeature where the table does not allow it; InvalidSchema for a type that is not wider; InvalidArgument where a constraint or a generated
 * column looks at the column
 */
export function changeColumnType(column: string | readonly string[], type: DataType): TableChange {
  const wanted = parseColumnPath(column)
  return async (snapshot) => {
    const changed = changeType(snapshot.schema, wanted, (from, path) => {
      if (sameType(from, type)) return from
      checkChange(snapshot, path, from, type)
      return type
    })
    const altered = changeColumn(snapshot, changed)
    if (altered.metadata !== undefined) await checkNotInRules(snapshot, changed.path, 'changed')
    return altered
  }
}

function checkChange({ protocol, metadata }: Snapshot, path: readonly string[], from: DataType, to: DataType): void {
  const column = columnName(path)
  const change = `from ${typeText(from)} to ${typeText(to)}`
  const details = { column, from: typeText(from), to: typeText(to) }
  const isNested = ['struct', 'array', 'map', 'variant', 'void'].includes(to.type)
  if (from.type === 'void' && !isNested) return
  if (isNested || !canWiden(from, to)) {
    throw new DeltaError(
      'InvalidSchema',
      `The type of column ${column} cannot change ${change}: only to a wider one, whose values are the same. Overwrite the table with another schema, or add a column.`,
      { details },
    )
  }
  checkPartitionType(metadata, path, from)
  const mayWiden = typeWidening(protocol, metadata)
  if (mayWiden?.(from, to)) return
  const help =
    mayWiden === undefined
      ? 'Set the table property delta.enableTypeWidening to true first; readers that lack the feature typeWidening will not open the table any more.'
      : 'The table is one of Apache Iceberg too, which does not know this change.'
  throw new DeltaError('UnsupportedFeature', `The type of column ${column} cannot change ${change}. ${help}`, {
    details,
  })
}
