import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { type ColumnMappingMode, storedName } from '../../../schema/column-mapping.js'
import type { StructField } from '../../../schema/data-type.js'
import { renameFields } from '../rename-fields.js'

/** A logical column under its physical name, fields of structs too. */
export function physicalColumn(field: StructField, mode: ColumnMappingMode): string {
  const physical = (each: StructField): string => storedName(each, mode)
  const logical = (each: StructField): string => each.name
  const value = renameFields(quoteIdentifier(field.name), field.dataType, logical, physical)
  return `${value} AS ${quoteIdentifier(physical(field))}`
}
