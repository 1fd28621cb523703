import type { StructField, StructType } from '../data-type.js'
import { resolveColumn } from '../resolve-column.js'

/** Where a column stands among its neighbours: `first`, or behind one of them. */
export type ColumnPosition = 'first' | { readonly after: string }

/** The place in words, as Spark's history has it. */
export function positionText(position: ColumnPosition): string {
  return position === 'first' ? 'FIRST' : `AFTER ${position.after}`
}

/**
 * A struct with a field at a place; at the end where none is said.
 *
 * @throws UnknownColumn for a neighbour that is not there
 */
export function placeField(struct: StructType, field: StructField, position?: ColumnPosition): StructType {
  if (position === undefined) return { ...struct, fields: [...struct.fields, field] }
  if (position === 'first') return { ...struct, fields: [field, ...struct.fields] }
  const index = struct.fields.indexOf(resolveColumn(struct, [position.after]).field)
  return { ...struct, fields: struct.fields.toSpliced(index + 1, 0, field) }
}
