import { parseColumnPath } from '../../expressions/column-path.js'
import type { StructField } from '../../schema/data-type.js'
import { editField } from '../../schema/evolve/edit-column.js'
import { changeColumn } from './change-column.js'
import type { TableChange } from './table-change.js'

/**
 * Says what a column, or a field at any depth, means; null takes the comment away.
 *
 * @throws UnknownColumn
 */
export function setComment(column: string | readonly string[], comment: string | null): TableChange {
  const wanted = parseColumnPath(column)
  return (snapshot) => {
    let path = wanted
    let changed: StructField | undefined
    const schema = editField(snapshot.schema, wanted, (field, at) => {
      const { comment: _, ...metadata } = field.metadata
      path = at
      changed = { ...field, metadata: comment === null ? metadata : { ...metadata, comment } }
      return changed
    })
    return changeColumn(snapshot, { schema, path, field: changed as StructField })
  }
}
