import { scalarSql } from '../../../expressions/scalar-sql.js'
import { parsePartitionValue } from '../../../protocol/partition-value.js'
import { type ColumnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructField } from '../../../schema/data-type.js'
import type { Scalar } from '../../../schema/scalar.js'
import type { StagedFile } from '../../staging/staged-table.js'
import { typeSql } from '../type-sql.js'

/**
 * A partition column over the files of one `read_parquet`: a constant where all files agree, else a lookup by the position of the
 * file, which DuckDB evaluates once a chunk (and once a file, where a condition depends on it).
 */
export function partitionColumn(
  field: StructField,
  files: readonly StagedFile[],
  columnMapping: ColumnMappingMode,
): string {
  const name = storedName(field, columnMapping)
  const constants = new Map<string | null, string>()
  const values = files.map((file) => {
    const text = file.partitionValues[name] ?? null
    const known = constants.get(text) ?? constantSql(parsePartitionValue(text, field.dataType), field.dataType)
    constants.set(text, known)
    return known
  })
  if (constants.size === 1) return values[0] as string
  const list = `CAST([${values.join(', ')}] AS ${typeSql(field.dataType)}[])`
  return `list_extract(${list}, CAST(file_index AS BIGINT) + 1)`
}

function constantSql(value: Scalar | null, type: DataType): string {
  return `CAST(${value === null ? 'NULL' : scalarSql(value, type)} AS ${typeSql(type)})`
}
