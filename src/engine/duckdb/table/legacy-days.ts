import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { DataType, StructField } from '../../../schema/data-type.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import type { SourceTable } from './source-table.js'
import { tableSql } from './table-sql.js'

const CONTEXT = { sqlCode: 'CorruptData', what: 'The schemas of data files cannot be read' } as const

/** What `legacyCalendar` goes by, in the footer: files that may have days in the Julian calendar. */
const MAY_BE_LEGACY = `key IN ('org.apache.spark.legacyDateTime'::BLOB, 'org.apache.spark.legacyINT96'::BLOB)
  OR (key = 'org.apache.spark.version'::BLOB AND value < '3.1'::BLOB)`

/**
 * Whether a file has old days in the Julian calendar, which DuckDB takes for Gregorian ones. Looks into the files only where their footers say that this may be.
 * @param fields those that are read and stand in the files
 */
export async function hasLegacyDays(
  connection: DuckDBConnection,
  table: SourceTable,
  fields: readonly StructField[],
): Promise<boolean> {
  const temporal = fields.filter(({ dataType }) => isTemporal(dataType))
  if (temporal.length === 0) return false
  const paths = table.files.map(({ localPath }) => quotePath(localPath)).join(', ')
  const marked = `SELECT DISTINCT file_name FROM parquet_kv_metadata([${paths}]) WHERE ${MAY_BE_LEGACY}`
  const names = new Set((await runStatement(connection, marked, CONTEXT)).map(({ file_name }) => String(file_name)))
  if (names.size === 0) return false
  const plain = temporal.filter(({ dataType }) => dataType.type === 'date' || dataType.type === 'timestamp')
  if (plain.length < temporal.length) return true
  const files = table.files.filter(({ localPath }) => names.has(localPath))
  const rows = tableSql({ ...table, schema: { type: 'struct', fields: plain }, files }, () => '')
  // Before 1900 what was written in other zones than UTC is not certain.
  const old = plain.map(({ name, dataType }) => {
    return `${quoteIdentifier(name)} < ${dataType.type === 'date' ? "DATE '1582-10-15'" : "TIMESTAMPTZ '1900-01-01'"}`
  })
  return (
    (await runStatement(connection, `SELECT 1 FROM (${rows}) WHERE ${old.join(' OR ')} LIMIT 1`, CONTEXT)).length > 0
  )
}

/** Whether values of the type are days, or hold some. A timestamp without a zone may have been a date. */
function isTemporal(type: DataType): boolean {
  switch (type.type) {
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return true
    case 'struct':
      return type.fields.some(({ dataType }) => isTemporal(dataType))
    case 'array':
      return isTemporal(type.elementType)
    case 'map':
      return isTemporal(type.keyType) || isTemporal(type.valueType)
    default:
      return false
  }
}
