import type { DataType, StructField, StructType } from '../data-type.js'

/**
 * Rows without the fields, at any depth, that a schema lacks and that hold nothing: they have no type that the schema could grow by, and nothing is lost with them. Rows are copied only where there
 * are such fields.
 */
export function dropUnknownNulls(rows: readonly object[], schema: StructType): readonly object[] {
  const cleaned = rows.map((row) => cleanStruct(row, schema.fields) as object)
  return cleaned.some((row, i) => row !== rows[i]) ? cleaned : rows
}

function cleanStruct(value: unknown, fields: readonly StructField[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  let cleaned: Record<string, unknown> | undefined
  for (const [name, each] of Object.entries(value)) {
    const field = fields.find((known) => known.name === name) ?? fields.find((known) => sameName(known.name, name))
    const isEmpty = each === null || each === undefined
    if (isEmpty ? field !== undefined : field === undefined) continue
    const kept = field === undefined ? undefined : clean(each, field.dataType)
    if (field !== undefined && kept === each) continue
    cleaned ??= { ...value }
    if (field === undefined) delete cleaned[name]
    else cleaned[name] = kept
  }
  return cleaned ?? value
}

function clean(value: unknown, type: DataType): unknown {
  if (type.type === 'struct') return cleanStruct(value, type.fields)
  if (type.type === 'array' && Array.isArray(value)) return cleanAll(value, type.elementType)
  if (type.type === 'map' && value instanceof Map) {
    const values = [...value.values()]
    const cleaned = cleanAll(values, type.valueType)
    return cleaned === values ? value : new Map([...value.keys()].map((key, i) => [key, cleaned[i]]))
  }
  return value
}

function cleanAll(values: readonly unknown[], type: DataType): readonly unknown[] {
  if (type.type !== 'struct' && type.type !== 'array' && type.type !== 'map') return values
  const cleaned = values.map((value) => clean(value, type))
  return cleaned.some((value, i) => value !== values[i]) ? cleaned : values
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
