import {
  type DuckDBDecimalType,
  type DuckDBListType,
  type DuckDBMapType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId as Id,
} from '@duckdb/node-api'
import { type ColumnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructType } from '../../../schema/data-type.js'

const INTEGERS: ReadonlySet<Id> = new Set([
  Id.TINYINT,
  Id.SMALLINT,
  Id.INTEGER,
  Id.BIGINT,
  Id.UTINYINT,
  Id.USMALLINT,
  Id.UINTEGER,
  Id.UBIGINT,
])
const TIMES: ReadonlySet<Id> = new Set([
  Id.TIMESTAMP,
  Id.TIMESTAMP_S,
  Id.TIMESTAMP_MS,
  Id.TIMESTAMP_NS,
  Id.TIMESTAMP_TZ,
])

/** The types that values of a Delta type may be stored as, beside those with parts. DuckDB refuses integers that are too large for a narrower type by itself. */
const STORED: { readonly [Name in DataType['type']]?: ReadonlySet<Id> } = {
  boolean: new Set([Id.BOOLEAN]),
  byte: INTEGERS,
  short: INTEGERS,
  integer: INTEGERS,
  long: INTEGERS,
  float: new Set([Id.FLOAT]),
  double: new Set([Id.FLOAT, Id.DOUBLE, Id.TINYINT, Id.SMALLINT, Id.INTEGER]),
  string: new Set([Id.VARCHAR]),
  binary: new Set([Id.BLOB]),
  date: new Set([Id.DATE]),
  timestamp: TIMES,
  timestamp_ntz: new Set([...TIMES, Id.DATE]),
}

/**
 * Whether a cast of DuckDB from what a file holds to the type of the table keeps every value, or fails: the types of the table themselves and those that they may have been
 * widened from (PROTOCOL.md, "Type Widening").
 */
export function readsExactly(stored: DuckDBType, type: DataType, mode: ColumnMappingMode): boolean {
  switch (type.type) {
    case 'decimal': {
      if (INTEGERS.has(stored.typeId)) return true
      return stored.typeId === Id.DECIMAL && (stored as DuckDBDecimalType).scale <= type.scale
    }
    case 'struct':
      return stored.typeId === Id.STRUCT && readsStruct(stored as DuckDBStructType, type, mode)
    case 'array':
      return stored.typeId === Id.LIST && readsExactly((stored as DuckDBListType).valueType, type.elementType, mode)
    case 'map': {
      if (stored.typeId !== Id.MAP) return false
      const { keyType, valueType } = stored as DuckDBMapType
      return readsExactly(keyType, type.keyType, mode) && readsExactly(valueType, type.valueType, mode)
    }
    default:
      return STORED[type.type]?.has(stored.typeId) === true
  }
}

/** Fields that the file lacks are null, but one at least has to be there. */
function readsStruct({ entryNames, entryTypes }: DuckDBStructType, { fields }: StructType, mode: ColumnMappingMode) {
  let shared = 0
  for (const field of fields) {
    const name = storedName(field, mode)
    const position = entryNames.indexOf(name)
    if (position >= 0) {
      shared++
      if (!readsExactly(entryTypes[position] as DuckDBType, field.dataType, mode)) return false
    } else if (entryNames.some((other) => other.toLowerCase() === name.toLowerCase())) return false
  }
  return shared > 0
}
