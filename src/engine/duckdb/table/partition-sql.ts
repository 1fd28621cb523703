import { scalarSql } from '../../../expressions/scalar-sql.js'
import { quoteText } from '../../../expressions/sql-quote.js'
import { parsePartitionValue } from '../../../protocol/partition-value.js'
import { type ColumnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructField } from '../../../schema/data-type.js'
import { formatDate } from '../../../schema/date-text.js'
import { formatDecimal } from '../../../schema/number-text.js'
import type { Scalar } from '../../../schema/scalar.js'
import { formatTimestamp } from '../../../schema/timestamp-text.js'
import type { StagedFile } from '../../staging/staged-table.js'
import { typeSql } from '../type-sql.js'

/**
 * A partition column over the files of one `read_parquet`: a constant where all files agree, else a lookup by the position of the
 * file, which DuckDB evaluates once a chunk (and once a file, where a condition depends on it).
 */
export function partitionColumn(field: StructField, files: readonly StagedFile[], mode: ColumnMappingMode): string {
  const name = storedName(field, mode)
  const { dataType } = field
  const known = new Map<string | null, Scalar | null>()
  const values = files.map((file) => {
    const text = file.partitionValues[name] ?? null
    const value = known.has(text) ? (known.get(text) as Scalar | null) : parsePartitionValue(text, dataType)
    known.set(text, value)
    return value
  })
  const [first = null] = values
  if (known.size === 1) return `CAST(${first === null ? 'NULL' : scalarSql(first, dataType)} AS ${typeSql(dataType)})`
  return `list_extract(${listOf(values, dataType)}, CAST(file_index AS BIGINT) + 1)`
}

/** A cast of one list of texts binds much faster than a list of as many expressions. */
function listOf(values: readonly (Scalar | null)[], type: DataType): string {
  const texts = values.map((value) => (value === null ? null : castText(value, type)))
  const elements = values.map((value, i) => {
    if (value === null) return 'NULL'
    return texts.includes(undefined) ? scalarSql(value, type) : quoteText(texts[i] as string)
  })
  return `CAST([${elements.join(', ')}] AS ${typeSql(type)}[])`
}

/** The text that DuckDB casts to the value without loss, undefined where there is none. */
function castText(value: Scalar, type: DataType): string | undefined {
  switch (type.type) {
    case 'decimal':
      return formatDecimal(value as bigint, type.scale)
    case 'date':
      return isCommonYear(formatDate(value as number))
    case 'timestamp':
    case 'timestamp_ntz':
      return isCommonYear(formatTimestamp(value as bigint))
    case 'binary':
      return undefined
    default:
      return String(value)
  }
}

/** Years before 1 and after 9999 are written differently everywhere. */
function isCommonYear(text: string): string | undefined {
  return /^\d{4}-/.test(text) && !text.startsWith('0000') ? text : undefined
}
