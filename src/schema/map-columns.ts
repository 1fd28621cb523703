import { FIELD_ID, NESTED_IDS, PHYSICAL_NAME } from './column-mapping.js'
import type { DataType, StructType } from './data-type.js'

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

/** A schema without physical names and ids, for a table that has no column mapping. */
export function unmapColumns(schema: StructType): StructType {
  return mapFields(schema, (metadata) => metadata)
}

type FieldMetadata = StructType['fields'][number]['metadata']

function mapFields<T extends DataType>(type: T, change: (metadata: FieldMetadata) => FieldMetadata): T {
  switch (type.type) {
    case 'struct':
      return {
        ...type,
        fields: type.fields.map((field) => {
          const { [FIELD_ID]: _id, [PHYSICAL_NAME]: _name, [NESTED_IDS]: _nested, ...metadata } = field.metadata
          const changed = change(metadata)
          return { ...field, metadata: changed, dataType: mapFields(field.dataType, change) }
        }),
      }
    case 'array':
      return { ...type, elementType: mapFields(type.elementType, change) }
    case 'map':
      return { ...type, keyType: mapFields(type.keyType, change), valueType: mapFields(type.valueType, change) }
    default:
      return type
  }
}
