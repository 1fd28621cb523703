import type { DataType, StructField } from '../data-type.js'

/** Metadata that belongs to the table that a field came from. */
const TABLE_METADATA = /^(delta\.|CURRENT_DEFAULT$|EXISTS_DEFAULT$)/

/**
 * A field as it can join a table that has rows: nullable at every depth, without mapping and rules of the table that it came from. Undefined where it has no type to
 * hold values with.
 */
export function newField(field: StructField): StructField | undefined {
  const dataType = nullableType(field.dataType)
  if (dataType === undefined) return undefined
  const metadata = Object.fromEntries(Object.entries(field.metadata).filter(([key]) => !TABLE_METADATA.test(key)))
  return { name: field.name, dataType, nullable: true, metadata }
}

function nullableType(type: DataType): DataType | undefined {
  switch (type.type) {
    case 'void':
      return undefined
    case 'struct': {
      const fields = type.fields.flatMap((field) => newField(field) ?? [])
      return fields.length === 0 ? undefined : { type: 'struct', fields }
    }
    case 'array': {
      const elementType = nullableType(type.elementType)
      return elementType && { type: 'array', elementType, containsNull: true }
    }
    case 'map': {
      const keyType = nullableType(type.keyType)
      const valueType = nullableType(type.valueType)
      return keyType && valueType && { type: 'map', keyType, valueType, valueContainsNull: true }
    }
    default:
      return type
  }
}
