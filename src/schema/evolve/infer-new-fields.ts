import type { DataType, StructField, StructType } from '../data-type.js'

/**
 * The columns, and fields at any depth, that plain rows have and a schema lacks, as a schema of its own; what it has already is there only where something below it is new. A value's own type decides, the
 * same for every row: `bigint` is a long, `number` a double, `string` a string, `Date` a timestamp, `Uint8Array` binary, an object a struct. A column without any value has no type and is left out.
 */
export function inferNewFields(rows: readonly object[], schema: StructType): StructType {
  return { type: 'struct', fields: newFields(rows, schema) }
}

function newFields(rows: readonly object[], { fields }: StructType): StructField[] {
  const known = new Map(fields.map((field) => [field.name, field]))
  const folded = new Map(fields.map((field) => [field.name.toLowerCase(), field]))
  const inferred = new Map<string, DataType>()
  for (const row of rows) {
    if (typeof row !== 'object' || row === null) continue
    for (const [name, value] of Object.entries(row)) {
      if (value === null || value === undefined) continue
      const field = known.get(name) ?? folded.get(name.toLowerCase())
      const type = field === undefined ? typeOf(value) : newPart(value, field.dataType)
      if (type === undefined) continue
      const key = field?.name ?? name
      inferred.set(key, together(inferred.get(key), type))
    }
  }
  return [...inferred].map(([name, dataType]) => ({ name, dataType, nullable: true, metadata: {} }))
}

/** What a value has below a type that the table knows. */
function newPart(value: unknown, type: DataType): DataType | undefined {
  switch (type.type) {
    case 'void':
      return typeOf(value)
    case 'struct': {
      const fields = isRecord(value) ? newFields([value], type) : []
      return fields.length === 0 ? undefined : { type: 'struct', fields }
    }
    case 'array': {
      const elementType = Array.isArray(value) ? allOf(value, (each) => newPart(each, type.elementType)) : undefined
      return elementType && { ...type, elementType }
    }
    case 'map': {
      const values = value instanceof Map ? [...value.values()] : isRecord(value) ? Object.values(value) : []
      const valueType = allOf(values, (each) => newPart(each, type.valueType))
      return valueType && { ...type, valueType }
    }
    default:
      return undefined
  }
}

function typeOf(value: unknown): DataType | undefined {
  switch (typeof value) {
    case 'bigint':
      return { type: 'long' }
    case 'number':
      return { type: 'double' }
    case 'string':
      return { type: 'string' }
    case 'boolean':
      return { type: 'boolean' }
    default:
  }
  if (value instanceof Date) return { type: 'timestamp' }
  if (value instanceof Uint8Array) return { type: 'binary' }
  if (Array.isArray(value)) {
    const elementType = allOf(value, typeOf)
    return elementType && { type: 'array', elementType, containsNull: true }
  }
  if (value instanceof Map) {
    const keyType = allOf([...value.keys()], typeOf)
    const valueType = allOf([...value.values()], typeOf)
    return keyType && valueType && { type: 'map', keyType, valueType, valueContainsNull: true }
  }
  if (!isRecord(value)) return undefined
  const fields = newFields([value], { type: 'struct', fields: [] })
  return fields.length === 0 ? undefined : { type: 'struct', fields }
}

function allOf(values: readonly unknown[], typed: (value: unknown) => DataType | undefined): DataType | undefined {
  let all: DataType | undefined
  for (const value of values) {
    const type = value === null || value === undefined ? undefined : typed(value)
    if (type !== undefined) all = together(all, type)
  }
  return all
}

/** One type for both; of two that have nothing in common the first, which the values of the other will not fit. */
function together(a: DataType | undefined, b: DataType): DataType {
  if (a === undefined || a === b) return b
  if (a.type === 'struct' && b.type === 'struct') return { type: 'struct', fields: joined(a.fields, b.fields) }
  if (a.type === 'array' && b.type === 'array') return { ...a, elementType: together(a.elementType, b.elementType) }
  if (a.type === 'map' && b.type === 'map') {
    return { ...a, keyType: together(a.keyType, b.keyType), valueType: together(a.valueType, b.valueType) }
  }
  return a
}

function joined(a: readonly StructField[], b: readonly StructField[]): StructField[] {
  const fields = new Map(a.map((field) => [field.name, field]))
  for (const field of b) {
    const dataType = together(fields.get(field.name)?.dataType, field.dataType)
    fields.set(field.name, { ...field, dataType })
  }
  return [...fields.values()]
}

function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false
  return !(value instanceof Map) && !(value instanceof Date) && !(value instanceof Set)
}
