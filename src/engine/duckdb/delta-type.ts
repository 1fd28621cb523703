import {
  type DuckDBDecimalType,
  type DuckDBListType,
  type DuckDBMapType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import type { DataType, PrimitiveName } from '../../schema/data-type.js'

const PRIMITIVES: { readonly [id: number]: PrimitiveName } = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'byte',
  [DuckDBTypeId.SMALLINT]: 'short',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'long',
  [DuckDBTypeId.UTINYINT]: 'short',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.UINTEGER]: 'long',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.BLOB]: 'binary',
}

/** The Delta type that holds the values of a DuckDB type; types that Delta has no counterpart for become strings. */
export function deltaType(type: DuckDBType): DataType {
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL: {
      const { width, scale } = type as DuckDBDecimalType
      return { type: 'decimal', precision: width, scale }
    }
    case DuckDBTypeId.UBIGINT:
      return { type: 'decimal', precision: 20, scale: 0 }
    case DuckDBTypeId.HUGEINT:
      return { type: 'decimal', precision: 38, scale: 0 }
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return { type: 'array', elementType: deltaType((type as DuckDBListType).valueType), containsNull: true }
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type as DuckDBMapType
      return { type: 'map', keyType: deltaType(keyType), valueType: deltaType(valueType), valueContainsNull: true }
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType
      const fields = entryNames.map((name, i) => {
        return { name, dataType: deltaType(entryTypes[i] as DuckDBType), nullable: true, metadata: {} }
      })
      return { type: 'struct', fields }
    }
    default:
      return { type: PRIMITIVES[type.typeId] ?? 'string' }
  }
}
