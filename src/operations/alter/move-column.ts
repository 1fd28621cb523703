import { parseColumnPath } from '../../expressions/column-path.js'
import { type ColumnPosition, placeField, positionText } from '../../schema/evolve/column-position.js'
import { editStruct } from '../../schema/evolve/edit-column.js'
import { resolveColumn } from '../../schema/resolve-column.js'
import { type ChangedColumn, changeColumn } from './change-column.js'
import type { TableChange } from './table-change.js'

/**
 * Puts a column, or a field at any depth, in another place among its neighbours. Data files stay as they are.
 *
 * @throws UnknownColumn
 */
export function moveColumn(column: string | readonly string[], position: ColumnPosition): TableChange {
  const wanted = parseColumnPath(column)
  return (snapshot) => {
    let changed: Pick<ChangedColumn, 'path' | 'field'> | undefined
    const schema = editStruct(snapshot.schema, wanted.slice(0, -1), (struct, above) => {
      const { field } = resolveColumn(struct, wanted.slice(-1))
      changed = { path: [...above, field.name], field }
      // Behind itself is where it stands.
      if (position !== 'first' && resolveColumn(struct, [position.after]).field === field) return struct
      return placeField({ ...struct, fields: struct.fields.filter((each) => each !== field) }, field, position)
    })
    return changeColumn(snapshot, {
      ...(changed as NonNullable<typeof changed>),
      schema,
      position: positionText(position),
    })
  }
}
