import type { JsonValue } from '../../schema/data-type.js'
import { parseJson } from '../../schema/lossless-json.js'
import type { Metadata } from '../actions/action.js'

/** Whether a field, at any depth of the schema, has a metadata entry of this name. A schema that does not parse counts as one that has. */
export function hasFieldMetadata(metadata: Metadata, key: string): boolean {
  if (!metadata.schemaString.includes(`"${key}"`)) return false
  return anyType(metadata, (type) => {
    const fields = Array.isArray(type.fields) ? (type.fields as readonly JsonValue[]) : []
    return fields.some((field) => isObject(field) && isObject(field.metadata) && Object.hasOwn(field.metadata, key))
  })
}

/** Whether a column, at any depth of the schema, has this primitive type. A schema that does not parse counts as one that has. */
export function hasColumnType(metadata: Metadata, name: string): boolean {
  return metadata.schemaString.includes(`"${name}"`) && anyType(metadata, (type) => partsOf(type).includes(name))
}

/** Whether a property is `true`. */
export function isEnabled(metadata: Metadata, property: string): boolean {
  return metadata.configuration[property]?.toLowerCase() === 'true'
}

type JsonObject = { readonly [name: string]: JsonValue }

function anyType(metadata: Metadata, test: (type: JsonObject) => boolean): boolean {
  const visit = (type: JsonValue): boolean => isObject(type) && (test(type) || partsOf(type).some(visit))
  try {
    return visit(parseJson(metadata.schemaString))
  } catch {
    return true
  }
}

/** The types that a complex type is made of. */
function partsOf(type: JsonObject): readonly JsonValue[] {
  const fields = Array.isArray(type.fields) ? (type.fields as readonly JsonValue[]) : []
  const parts = [
    type.elementType,
    type.keyType,
    type.valueType,
    ...fields.map((field) => (isObject(field) ? field.type : undefined)),
  ]
  return parts.filter((part) => part !== undefined)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
