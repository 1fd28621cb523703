import { type Column, childAt } from '../arrow/column.js'
import { scalarReader } from '../arrow/decode/scalar-reader.js'
import { validityTest } from '../arrow/validity.js'
import type { BoundColumn, BoundPredicate } from '../expressions/bound-predicate.js'
import { evaluate } from '../expressions/evaluate.js'
import type { DataType, StructType } from '../schema/data-type.js'
import type { Scalar } from '../schema/scalar.js'

/** Clears, in a mask of one byte a row, the rows for which a predicate is not true. Rows that are 0 already are not looked at. */
export function applyRowFilter(
  mask: Uint8Array,
  predicate: BoundPredicate,
  schema: StructType,
  columns: readonly Column[],
): void {
  const readers = predicate.columns.map((column) => columnReader(column, schema, columns))
  let row = 0
  const get = (column: BoundColumn): Scalar | null => (readers[column.index] as (row: number) => Scalar | null)(row)
  for (row = 0; row < mask.length; row++) {
    if (mask[row] !== 0 && evaluate(predicate, get) !== true) mask[row] = 0
  }
}

/** A field of a struct is null where the struct is. */
function columnReader(
  { path, dataType }: BoundColumn,
  schema: StructType,
  columns: readonly Column[],
): (row: number) => Scalar | null {
  const first = schema.fields.findIndex(({ name }) => name === path[0])
  let column = columns[first] as Column
  let type = schema.fields[first]?.dataType as DataType
  const parents: ((row: number) => boolean)[] = []
  for (const name of path.slice(1)) {
    const struct = type as StructType
    const position = struct.fields.findIndex((field) => field.name === name)
    if (column.nullCount > 0) parents.push(validityTest(column))
    column = childAt(column, position)
    type = struct.fields[position]?.dataType as DataType
  }
  const read = HAS_SCALARS.has(dataType.type) ? scalarReader(column, dataType) : presence(column)
  if (parents.length === 0) return read
  return (row) => (parents.every((present) => present(row)) ? read(row) : null)
}

/** Of columns without scalars only null can be asked. */
function presence(column: Column): (row: number) => Scalar | null {
  const valid = validityTest(column)
  return (row) => (valid(row) ? true : null)
}

const HAS_SCALARS: ReadonlySet<string> = new Set([
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'decimal',
  'string',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
])
