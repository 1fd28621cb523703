import { type ColumnMappingMode, fieldId, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructField } from '../../../schema/data-type.js'
import { quoteIdentifier, quoteText } from '../sql-text.js'
import { typeSql } from '../type-sql.js'

/**
 * The entry of a column in the `schema` argument of `read_parquet`: which column of the files it is, under which alias it is read, and
 * of which type. Columns that a file lacks read as null, fields of structs too; narrower types are widened.
 */
export function schemaEntry(field: StructField, alias: string, columnMapping: ColumnMappingMode): string {
  const key = columnMapping === 'id' ? String(fieldId(field)) : quoteText(storedName(field, columnMapping))
  const type = typeSql(field.dataType, (nested) => storedName(nested, columnMapping))
  return `${key}: {name: ${quoteText(alias)}, type: ${quoteText(type)}, default_value: NULL}`
}

/** The column under its logical name and type: fields of structs still have their physical names when they are read. */
export function logicalColumn(field: StructField, alias: string, columnMapping: ColumnMappingMode): string {
  const rename = renaming(field.dataType, columnMapping)
  if (rename === undefined) return alias
  return `remap_struct(${alias}, CAST(NULL AS ${typeSql(field.dataType)}), ${rename.sql}, NULL)`
}

/**
 * What `remap_struct` is told about a nested type, undefined where the names are the same at every depth. `whole` is the name by
 * which an enclosing mapping refers to the content of a list.
 */
function renaming(type: DataType, columnMapping: ColumnMappingMode): { readonly sql: string } | undefined {
  if (!renames(type, columnMapping)) return undefined
  switch (type.type) {
    case 'struct':
      return braces(
        type.fields.map((field) => [
          field.name,
          storedName(field, columnMapping),
          renaming(field.dataType, columnMapping),
        ]),
      )
    case 'array':
      return braces([['list', 'list', renaming(type.elementType, columnMapping)]])
    case 'map':
      return braces([
        ['key', 'key', renaming(type.keyType, columnMapping)],
        ['value', 'value', renaming(type.valueType, columnMapping)],
      ])
    default:
      return undefined
  }
}

function braces(entries: readonly (readonly [string, string, { readonly sql: string } | undefined])[]): {
  readonly sql: string
} {
  const parts = entries.map(([target, source, nested]) => {
    const from = nested === undefined ? quoteText(source) : `(${quoteText(source)}, ${nested.sql})`
    return `${quoteIdentifier(target)}: ${from}`
  })
  return { sql: `{${parts.join(', ')}}` }
}

function renames(type: DataType, columnMapping: ColumnMappingMode): boolean {
  switch (type.type) {
    case 'struct':
      return type.fields.some(
        (field) => storedName(field, columnMapping) !== field.name || renames(field.dataType, columnMapping),
      )
    case 'array':
      return renames(type.elementType, columnMapping)
    case 'map':
      return renames(type.keyType, columnMapping) || renames(type.valueType, columnMapping)
    default:
      return false
  }
}
