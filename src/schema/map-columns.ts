import { FIELD_ID, fieldId, NESTED_IDS, PHYSICAL_NAME } from './column-mapping.js'
import type { DataType, StructField, StructType } from './data-type.js'

/** A schema whose columns have names and ids of their own in files. */
export interface MappedColumns {
  readonly schema: StructType
  /** The greatest id given: what the table property `delta.columnMapping.maxColumnId` must be. */
  readonly maxColumnId: number
}

/**
 * Gives every column, at any depth, a physical name and an id (PROTOCOL.md, "Writer Requirements for Column Mapping"). For schemas that no file was written with: what
 * mapping they have, from another table, is replaced.
 *
 * @param lastId the greatest id given before: 0 for a new table
 */
export function mapColumns(schema: StructType, lastId: number, uuid: () => string): MappedColumns {
  let maxColumnId = lastId
  const visit = <T extends DataType>(type: T): T =>
    mapFields(type, (metadata) => ({
      ...metadata,
      [FIELD_ID]: ++maxColumnId,
      [PHYSICAL_NAME]: `col-${uuid()}`,
    }))
  return { schema: visit(schema), maxColumnId }
}

/**
 * Gives every column that has none yet a physical name and an id; the others keep theirs. For columns that join a table with column mapping.
 *
 * @param lastId the greatest id given before: the table property `delta.columnMapping.maxColumnId`
 */
export function mapNewColumns(schema: StructType, lastId: number, uuid: () => string): MappedColumns {
  return mapUnmapped(schema, lastId, () => `col-${uuid()}`)
}

/**
 * Gives every column an id, and the name that it has in the files that are there as its physical name: for a table that gets column mapping when it has files
 * (PROTOCOL.md, "Writer Requirements for Column Mapping").
 */
export function mapStoredColumns(schema: StructType, lastId: number): MappedColumns {
  // What mapping another writer left behind was not in force when the files were written.
  return mapUnmapped(unmapColumns(schema), lastId, (name) => name)
}

/** A schema without physical names and ids, for a table that has no column mapping. */
export function unmapColumns(schema: StructType): StructType {
  return mapFields(schema, (metadata) => metadata)
}

function mapUnmapped(schema: StructType, lastId: number, nameOf: (name: string) => string): MappedColumns {
  let maxColumnId = Math.max(lastId, greatestId(schema))
  const visit = <T extends DataType>(type: T): T =>
    mapParts(type, (field) => {
      const { [FIELD_ID]: id = ++maxColumnId, [PHYSICAL_NAME]: name = nameOf(field.name), ...metadata } = field.metadata
      return { ...field, metadata: { ...metadata, [FIELD_ID]: id, [PHYSICAL_NAME]: name } }
    })
  return { schema: visit(schema), maxColumnId }
}

/** The property may lag behind in tables of other writers. */
function greatestId(schema: StructType): number {
  let greatest = 0
  mapParts(schema, (field) => {
    greatest = Math.max(greatest, fieldId(field) ?? 0)
    return field
  })
  return greatest
}

type FieldMetadata = StructType['fields'][number]['metadata']

function mapFields<T extends DataType>(type: T, change: (metadata: FieldMetadata) => FieldMetadata): T {
  return mapParts(type, (field) => {
    const { [FIELD_ID]: _id, [PHYSICAL_NAME]: _name, [NESTED_IDS]: _nested, ...metadata } = field.metadata
    return { ...field, metadata: change(metadata) }
  })
}

/** Changes every field, at any depth, from the outside in. */
function mapParts<T extends DataType>(type: T, change: (field: StructField) => StructField): T {
  switch (type.type) {
    case 'struct':
      return {
        ...type,
        fields: type.fields.map((field) => {
          const changed = change(field)
          return { ...changed, dataType: mapParts(changed.dataType, change) }
        }),
      }
    case 'array':
      return { ...type, elementType: mapParts(type.elementType, change) }
    case 'map':
      return { ...type, keyType: mapParts(type.keyType, change), valueType: mapParts(type.valueType, change) }
    default:
      return type
  }
}
