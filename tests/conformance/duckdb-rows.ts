import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { PlainRows, PlainValue } from './plain-value.js'

/** The rows of one Parquet file as DuckDB reads them: a reader that shares nothing with the one under test. */
export async function duckdbRows(connection: DuckDBConnection, parquetFile: string): Promise<PlainRows> {
  const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${parquetFile.replaceAll("'", "''")}')`)
  return { columns: reader.columnNames(), rows: reader.getRows().map((row) => row.map(plainValue)) }
}

function plainValue(value: DuckDBValue): PlainValue {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof DuckDBBlobValue) return value.bytes
  if (value instanceof DuckDBDecimalValue) return { unscaled: value.value, scale: value.scale }
  if (value instanceof DuckDBDateValue) return BigInt(value.days)
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return value.micros
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / 1000n
  if (value instanceof DuckDBListValue) return value.items.map(plainValue)
  if (value instanceof DuckDBStructValue) {
    return { fields: new Map(Object.entries(value.entries).map(([name, item]) => [name, plainValue(item)])) }
  }
  if (value instanceof DuckDBMapValue) {
    return { entries: value.entries.map(({ key, value: item }) => [plainValue(key), plainValue(item)] as const) }
  }
  throw new TypeError(`a DuckDB value of no Delta type: ${String(value)}`)
}
