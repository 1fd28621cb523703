import type { Metadata } from '../../protocol/actions/action.js'
import type { JsonValue } from '../../schema/data-type.js'
import { parseJson, stringifyJson } from '../../schema/lossless-json.js'

type JsonObject = { readonly [name: string]: JsonValue }

/** Properties that say how data files must look or what their rows must satisfy. */
const BINDING_PROPERTIES: readonly string[] = [
  'delta.columnMapping.',
  'delta.constraints.',
  'delta.enableIcebergCompat',
  'delta.enableMaterializePartitionColumnsFeature',
  'delta.universalFormat.',
  'delta.writePartitionColumnsToParquet',
]

/** Metadata of a field that asks nothing of the rows written. */
const HARMLESS_FIELD_METADATA: readonly string[] = [
  'comment',
  'delta.columnMapping.id',
  'delta.columnMapping.physicalName',
]

/**
 * What keeps data files that were written for one metadata from being added under another, for a message; undefined where nothing does. Changed
 * properties do not, unless they bind data files, nor do added nullable columns (files may lack them), at any depth.
 */
export function incompatibleMetadataChange(from: Metadata, to: Metadata): string | undefined {
  if (from.id !== to.id) return 'it is another table now'
  if (stringifyJson(from.partitionColumns) !== stringifyJson(to.partitionColumns)) return 'partition columns'
  const property = changedBindingProperty(from, to)
  if (property !== undefined) return `property ${property}`
  if (from.schemaString === to.schemaString) return undefined
  return changedType(parseJson(from.schemaString), parseJson(to.schemaString), '')
}

function changedBindingProperty(from: Metadata, to: Metadata): string | undefined {
  const keys = new Set([...Object.keys(from.configuration), ...Object.keys(to.configuration)])
  return [...keys].find(
    (key) =>
      BINDING_PROPERTIES.some((prefix) => key.startsWith(prefix)) && from.configuration[key] !== to.configuration[key],
  )
}

function changedType(from: JsonValue | undefined, to: JsonValue | undefined, path: string): string | undefined {
  if (!isObject(from) || !isObject(to)) return same(from, to) ? undefined : `type of ${path}`
  if (from.type !== to.type) return `type of ${path}`
  if (from.type === 'struct') return changedFields(from, to, path)
  const parts = ['elementType', 'keyType', 'valueType'] as const
  for (const part of parts) {
    const change = changedType(from[part], to[part], path)
    if (change !== undefined) return change
  }
  return same({ ...from, ...noParts }, { ...to, ...noParts }) ? undefined : `nullability of ${path}`
}

const noParts = { elementType: null, keyType: null, valueType: null }

function changedFields(from: JsonObject, to: JsonObject, path: string): string | undefined {
  const left = new Map(fieldsOf(to).map((field) => [String(field.name), field]))
  for (const before of fieldsOf(from)) {
    const name = String(before.name)
    const column = path === '' ? name : `${path}.${name}`
    const after = left.get(name)
    left.delete(name)
    if (after === undefined) return `column ${column}`
    const typeChange = changedType(before.type, after.type, column)
    if (typeChange !== undefined) return typeChange
    if (before.nullable === true && after.nullable !== true) return `nullability of ${column}`
    if (!same(bindingMetadata(before), bindingMetadata(after))) return `column ${column}`
  }
  const added = [...left.values()].find(
    (field) =>
      field.nullable !== true || Object.keys(metadataOf(field)).some((key) => !HARMLESS_FIELD_METADATA.includes(key)),
  )
  return added === undefined ? undefined : `new column ${path === '' ? '' : `${path}.`}${String(added.name)}`
}

/** Field metadata without the comment: that may change. */
function bindingMetadata(field: JsonObject): JsonObject {
  const { comment: _, ...rest } = metadataOf(field)
  return rest
}

function metadataOf(field: JsonObject): JsonObject {
  return isObject(field.metadata) ? field.metadata : {}
}

function fieldsOf(struct: JsonObject): readonly JsonObject[] {
  return Array.isArray(struct.fields) ? struct.fields.filter(isObject) : []
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return stringifyJson(sorted(a ?? null)) === stringifyJson(sorted(b ?? null))
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] as JsonValue)]))
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
