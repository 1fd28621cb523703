import type { DataType, StructField, StructType } from './data-type.js'
import { schemaError } from './schema-error.js'

/** PROTOCOL.md, "Column Mapping": the values of the table property `delta.columnMapping.mode`. */
export type ColumnMappingMode = 'none' | 'name' | 'id'

/** Field metadata with the name that a column has in data files, statistics and partition values. */
export const PHYSICAL_NAME = 'delta.columnMapping.physicalName'
/** Field metadata with the Parquet field id of a column. */
export const FIELD_ID = 'delta.columnMapping.id'
/** Field metadata with the Parquet field ids of array elements, map keys and map values, keyed by physical path. */
export const NESTED_IDS = 'delta.columnMapping.nested.ids'

/** The name that a field has in data files, statistics and partition values; its own name where there is no mapping. */
export function physicalName(field: StructField): string {
  const name = field.metadata[PHYSICAL_NAME]
  return typeof name === 'string' ? name : field.name
}

/** The name that a field has in data files, statistics and partition values under a mode. */
export function storedName(field: StructField, mode: ColumnMappingMode): string {
  return mode === 'none' ? field.name : physicalName(field)
}

/**
 * The mode that is in force. The property alone decides, as in Spark: where a protocol does not name the feature and the property is set all the same, the files still have
 * physical names. CorruptLog for a mode that the protocol does not have.
 */
export function columnMappingMode(configuration: { readonly [key: string]: string }): ColumnMappingMode {
  const mode = (configuration['delta.columnMapping.mode'] ?? 'none').toLowerCase()
  if (mode === 'none' || mode === 'name' || mode === 'id') return mode
  throw schemaError('CorruptLog', [], `has the column mapping mode ${mode}, which the Delta protocol does not have.`)
}

/** The Parquet field id of a column, undefined where there is no mapping. */
export function fieldId(field: StructField): number | undefined {
  const id = field.metadata[FIELD_ID]
  return typeof id === 'number' ? id : undefined
}

/**
 * The Parquet field id of an array element, a map key or a map value (PROTOCOL.md, "IcebergCompatV2"), undefined where there is none.
 * @param steps from the nearest field above: `element`, `key` or `value`, one or more.
 */
export function nestedFieldId(field: StructField, steps: readonly string[]): number | undefined {
  const ids = field.metadata[NESTED_IDS]
  if (typeof ids !== 'object' || ids === null || Array.isArray(ids)) return undefined
  const key = [physicalName(field), ...steps].join('.')
  const id = Object.hasOwn(ids, key) ? (ids as { readonly [key: string]: unknown })[key] : undefined
  return typeof id === 'number' ? id : undefined
}

/**
 * The schema as data files have it: physical names at every depth, metadata kept. The schema itself in mode `none`, where
 * mapping metadata that another writer left behind is ignored.
 *
 * CorruptLog where a column lacks what the mode needs.
 */
export function physicalSchema(schema: StructType, mode: ColumnMappingMode): StructType {
  return mode === 'none' ? schema : physicalStruct(schema, mode, [])
}

function physicalStruct(struct: StructType, mode: ColumnMappingMode, above: readonly string[]): StructType {
  return {
    type: 'struct',
    fields: struct.fields.map((field) => {
      const path = [...above, field.name]
      if (typeof field.metadata[PHYSICAL_NAME] !== 'string') {
        throw schemaError('CorruptLog', path, `has no ${PHYSICAL_NAME}, which column mapping by ${mode} needs.`)
      }
      if (mode === 'id' && fieldId(field) === undefined) {
        throw schemaError('CorruptLog', path, `has no ${FIELD_ID}, which column mapping by id needs.`)
      }
      return { ...field, name: physicalName(field), dataType: physicalType(field.dataType, mode, path) }
    }),
  }
}

function physicalType(type: DataType, mode: ColumnMappingMode, path: readonly string[]): DataType {
  switch (type.type) {
    case 'struct':
      return physicalStruct(type, mode, path)
    case 'array':
      return { ...type, elementType: physicalType(type.elementType, mode, [...path, 'element']) }
    case 'map':
      return {
        ...type,
        keyType: physicalType(type.keyType, mode, [...path, 'key']),
        valueType: physicalType(type.valueType, mode, [...path, 'value']),
      }
    default:
      return type
  }
}
