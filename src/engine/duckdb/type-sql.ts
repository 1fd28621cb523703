import { quoteIdentifier } from '../../expressions/sql-quote.js'
import type { DataType, StructField } from '../../schema/data-type.js'

const PRIMITIVES = {
  boolean: 'BOOLEAN',
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  timestamp_ntz: 'TIMESTAMP',
  // DuckDB's own VARIANT does not tell a variant that is null from no variant.
  variant: 'JSON',
  void: '"NULL"',
} as const

/**
 * A Delta type in DuckDB's words.
 * @param fieldName the name that a struct field gets; its logical name when left out.
 */
export function typeSql(type: DataType, fieldName: (field: StructField) => string = (field) => field.name): string {
  switch (type.type) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'array':
      return `${typeSql(type.elementType, fieldName)}[]`
    case 'map':
      return `MAP(${typeSql(type.keyType, fieldName)}, ${typeSql(type.valueType, fieldName)})`
    case 'struct':
      return `STRUCT(${type.fields
        .map((field) => `${quoteIdentifier(fieldName(field))} ${typeSql(field.dataType, fieldName)}`)
        .join(', ')})`
    default:
      return PRIMITIVES[type.type]
  }
}
