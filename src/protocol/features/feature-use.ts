import type { JsonValue } from '../../schema/data-type.js'
import { parseJson } from '../../schema/lossless-json.js'
import type { Metadata } from '../actions/action.js'

/** Whether a field, at any depth of the schema, has a metadata entry of this name. A schema that does not parse counts as one that has. */
export function hasFieldMetadata(metadata: Metadata, key: string): boolean {
  if (!metadata.schemaString.includes(`"${key}"`)) return false
  return anyType(metadata, (type) =>
    fieldsOf(type).some(({ metadata: entries }) => isObject(entries) && Object.hasOwn(entries, key)),
  )
}

/** Whether every field, at any depth of the schema, has all of these metadata entries. A schema that does not parse has not. */
export function everyFieldHas(metadata: Metadata, keys: readonly string[]): boolean {
  return !anyType(metadata, (type) =>
    fieldsOf(type).some(
      ({ metadata: entries }) => !isObject(entries) || keys.some((key) => !Object.hasOwn(entries, key)),
    ),
  )
}

/** The mode of column mapping that the properties ask for, lower case. */
export function mappingMode({ configuration }: Metadata): string {
  return (configuration['delta.columnMapping.mode'] ?? 'none').toLowerCase()
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
  const parts = [type.elementType, type.keyType, type.valueType, ...fieldsOf(type).map((field) => field.type)]
  return parts.filter((part) => part !== undefined)
}

function fieldsOf(type: JsonObject): readonly JsonObject[] {
  return Array.isArray(type.fields) ? type.fields.filter(isObject) : []
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
