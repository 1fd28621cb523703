import type { Metadata } from '../../protocol/actions/action.js'
import type { DataType } from '../../schema/data-type.js'
import { schemaError } from '../../schema/schema-error.js'

/**
 * Passes if a column may get a wider type. Of a partition column of type float it may not: the log has its values as text with the digits of a float, which as a double mean another number. InvalidSchema
 * then.
 */
export function checkPartitionType({ partitionColumns }: Metadata, path: readonly string[], from: DataType): void {
  const [name] = path
  if (from.type !== 'float' || name === undefined || path.length > 1 || !partitionColumns.includes(name)) return
  throw schemaError(
    'InvalidSchema',
    path,
    'partitions the table and cannot change from FLOAT to DOUBLE: its values would not stay the same.',
  )
}
