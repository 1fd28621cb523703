import {
  isObject,
  optionalField,
  optionalStringList,
  optionalStringMap,
  type RawAction,
  requireField,
} from './action-field.js'

const EMPTY_SCHEMA = '{"type":"struct","fields":[]}'

/**
 * Checks a metaData action in place (PROTOCOL.md, "Change Metadata"). Fields that Spark leaves out when they are empty get their empty value: a
 * table that was registered before it had columns has no schemaString.
 */
export function parseMetadata(action: RawAction): void {
  requireField(action, 'id', 'string')
  optionalField(action, 'name', 'string')
  optionalField(action, 'description', 'string')
  optionalField(action, 'schemaString', 'string')
  action.schemaString ??= EMPTY_SCHEMA
  optionalStringList(action, 'partitionColumns')
  action.partitionColumns ??= []
  optionalStringMap(action, 'configuration')
  action.configuration = withoutNulls(action.configuration)
  optionalField(action, 'createdTime', 'number')
  if (!isObject(action.format)) action.format = { provider: 'parquet', options: {} }
  requireField(action.format as RawAction, 'provider', 'string')
  optionalStringMap(action.format as RawAction, 'options')
}

function withoutNulls(map: unknown): { readonly [key: string]: string } {
  if (!isObject(map)) return {}
  const entries = Object.entries(map).filter(([, value]) => value !== null)
  return Object.fromEntries(entries) as { readonly [key: string]: string }
}
