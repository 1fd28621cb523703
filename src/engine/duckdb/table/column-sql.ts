import { quoteText } from '../../../expressions/sql-quote.js'
import { type ColumnMappingMode, fieldId, storedName } from '../../../schema/column-mapping.js'
import type { StructField } from '../../../schema/data-type.js'
import { renameFields } from '../rename-fields.js'
import { typeSql } from '../type-sql.js'
import { guardFloats } from './guard-floats.js'

/**
 * The entry of a column in the `schema` argument of `read_parquet`: which column of the files it is, under which alias it is read, and
 * of which type. Columns that a file lacks read as null, fields of structs too; narrower types are widened.
 */
export function schemaEntry(field: StructField, alias: string, mode: ColumnMappingMode): string {
  const key = mode === 'id' ? String(fieldId(field)) : quoteText(storedName(field, mode))
  const type = typeSql(field.dataType, (nested) => storedName(nested, mode))
  return `${key}: {name: ${quoteText(alias)}, type: ${quoteText(type)}, default_value: NULL}`
}

/** The column under its logical name and type: fields of structs still have their physical names when they are read. */
export function logicalColumn(field: StructField, alias: string, mode: ColumnMappingMode): string {
  return renameFields(
    guardFloats(alias, field.dataType),
    field.dataType,
    (nested) => storedName(nested, mode),
    (nested) => nested.name,
  )
}
