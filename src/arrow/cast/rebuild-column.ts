import { type DataType as ArrowType, Data } from 'apache-arrow'
import type { Column } from '../column.js'

/** A column of another type with the same nulls: `values` begin at the first row, as those of a slice do. What is left out stays. */
export function rebuildColumn(
  column: Column,
  type: ArrowType,
  parts: {
    readonly values?: ArrayBufferView
    readonly offsets?: Int32Array
    readonly children?: readonly Column[]
  } = {},
): Column {
  const buffers = [parts.offsets ?? column.valueOffsets, parts.values ?? column.values, column.nullBitmap]
  const children = [...(parts.children ?? (column.children as Column[]))]
  return new Data(type, column.offset, column.length, column.nullCount, buffers as never, children)
}
