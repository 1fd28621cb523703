import { type DataType as ArrowType, Data } from 'apache-arrow'

/**
 * The buffers of one column. In apache-arrow's `Data`, `offset` counts for the validity bits and for booleans alone: values and value
 * offsets of a slice begin at its first row.
 */
export type Column = Data<ArrowType>

/** What a column is made of; buffers that its type does not have are left out. */
export interface ColumnParts {
  readonly length: number
  /** One bit a row, 1 where there is a value; left out where no row is null. */
  readonly validity?: Uint8Array | undefined
  readonly nullCount?: number
  readonly values?: ArrayBufferView | undefined
  /** `length + 1` of them. */
  readonly offsets?: Int32Array | undefined
  readonly children?: readonly Column[]
}

export function makeColumn(type: ArrowType, parts: ColumnParts): Column {
  const { length, validity, offsets, values, children = [] } = parts
  const nullCount = parts.nullCount ?? (validity === undefined ? 0 : -1)
  // Without nulls the buffer is left out: readers of Data take a short one for "all null".
  const bitmap = nullCount === 0 ? undefined : validity
  return new Data(type, 0, length, nullCount, [offsets, values, bitmap] as never, [...children])
}

/** The children of a column without the types that apache-arrow cannot know. */
export function childAt(column: Column, index: number): Column {
  return column.children[index] as Column
}
