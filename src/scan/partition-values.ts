import type { BoundColumn } from '../expressions/bound-predicate.js'
import { ALL_NULL, type ColumnBounds } from '../expressions/column-bounds.js'
import { parsePartitionValue } from '../protocol/partition-value.js'
import { type ColumnMappingMode, storedName } from '../schema/column-mapping.js'
import type { Scalar } from '../schema/scalar.js'
import type { FileChunk } from '../snapshot/file-list.js'

/** The values of one partition column over a chunk: `values[codes[i]]` belongs to file i. */
export interface PartitionValues {
  readonly codes: Int32Array
  readonly values: readonly (Scalar | null)[]
}

/** Reads the distinct values of a partition column. CorruptLog where one is no value of the column's type. */
export function partitionValues(chunk: FileChunk, column: BoundColumn, mode: ColumnMappingMode): PartitionValues {
  const { codes, values } = chunk.partitionColumn(storedName(column.fields[0], mode))
  return { codes, values: values.map((value) => parsePartitionValue(value, column.dataType)) }
}

/** The bounds of a partition column in a file that has `value`. */
export function partitionBounds(value: Scalar | null): ColumnBounds {
  return value === null ? ALL_NULL : { min: value, max: value, mayBeNull: false, mayBeValue: true }
}
