import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { type ColumnMappingMode, fieldId, nestedFieldId, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructField } from '../../../schema/data-type.js'

/** COPY's FIELD_IDS for mapped columns (PROTOCOL.md, "Column Mapping"), undefined where no column has an id. */
export function fieldIdsSql(fields: readonly StructField[], mode: ColumnMappingMode): string | undefined {
  if (mode === 'none') return undefined
  const entries = fields.flatMap((field) =>
    entryOf(storedName(field, mode), fieldId(field), field, field.dataType, [], mode),
  )
  return entries.length === 0 ? undefined : `{${entries.join(', ')}}`
}

/** @param steps from the nearest field above, through lists and maps */
function entryOf(
  name: string,
  id: number | undefined,
  field: StructField,
  type: DataType,
  steps: readonly string[],
  mode: ColumnMappingMode,
): string[] {
  const inner = (step: string, below: DataType): string[] =>
    entryOf(step, nestedFieldId(field, [...steps, step]), field, below, [...steps, step], mode)
  const children =
    type.type === 'struct'
      ? type.fields.flatMap((child) =>
          entryOf(storedName(child, mode), fieldId(child), child, child.dataType, [], mode),
        )
      : type.type === 'array'
        ? inner('element', type.elementType)
        : type.type === 'map'
          ? [...inner('key', type.keyType), ...inner('value', type.valueType)]
          : []
  const own = id === undefined ? [] : [String(id)]
  if (own.length === 0 && children.length === 0) return []
  if (children.length === 0) return [`${quoteIdentifier(name)}: ${own[0]}`]
  return [
    `${quoteIdentifier(name)}: {${[...own.map((value) => `__duckdb_field_id: ${value}`), ...children].join(', ')}}`,
  ]
}
