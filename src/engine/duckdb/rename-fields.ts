import { quoteIdentifier, quoteText } from '../../expressions/sql-quote.js'
import type { DataType, StructField } from '../../schema/data-type.js'
import { typeSql } from './type-sql.js'

/** The name that a field of a struct has on one side. */
export type FieldName = (field: StructField) => string

/** A value whose struct fields, at any depth, get other names; nulls stay nulls. The value itself where the names are the same. */
export function renameFields(x: string, type: DataType, from: FieldName, to: FieldName): string {
  const mapping = mappingOf(type, from, to)
  return mapping === undefined ? x : `remap_struct(${x}, CAST(NULL AS ${typeSql(type, to)}), ${mapping}, NULL)`
}

/** What `remap_struct` is told about a nested type, undefined where the names are the same at every depth. */
function mappingOf(type: DataType, from: FieldName, to: FieldName): string | undefined {
  if (!differs(type, from, to)) return undefined
  switch (type.type) {
    case 'struct':
      return braces(type.fields.map((field) => [to(field), from(field), mappingOf(field.dataType, from, to)]))
    case 'array':
      return braces([['list', 'list', mappingOf(type.elementType, from, to)]])
    case 'map':
      return braces([
        ['key', 'key', mappingOf(type.keyType, from, to)],
        ['value', 'value', mappingOf(type.valueType, from, to)],
      ])
    default:
      return undefined
  }
}

function braces(entries: readonly (readonly [string, string, string | undefined])[]): string {
  const parts = entries.map(([target, source, nested]) => {
    return `${quoteIdentifier(target)}: ${nested === undefined ? quoteText(source) : `(${quoteText(source)}, ${nested})`}`
  })
  return `{${parts.join(', ')}}`
}

function differs(type: DataType, from: FieldName, to: FieldName): boolean {
  switch (type.type) {
    case 'struct':
      return type.fields.some((field) => from(field) !== to(field) || differs(field.dataType, from, to))
    case 'array':
      return differs(type.elementType, from, to)
    case 'map':
      return differs(type.keyType, from, to) || differs(type.valueType, from, to)
    default:
      return false
  }
}
