import type { DataType, StructType } from './data-type.js'
import { schemaError } from './schema-error.js'

/**
 * Refuses schemas that no data file can be written for (PROTOCOL.md, "Void Type"): `void` inside an array or a map, or structs, the table among them, whose
 * fields are all `void`. InvalidSchema naming the column.
 */
export function checkVoidColumns(schema: StructType): void {
  checkType(schema, [], false)
}

function checkType(type: DataType, path: readonly string[], inCollection: boolean): void {
  switch (type.type) {
    case 'void':
      if (inCollection) throw schemaError('InvalidSchema', path, 'is void inside an array or a map: give it a type.')
      return
    case 'struct':
      if (type.fields.every((field) => field.dataType.type === 'void')) {
        throw schemaError('InvalidSchema', path, 'has void columns only: give one of them a type before writing.')
      }
      for (const field of type.fields) checkType(field.dataType, [...path, field.name], inCollection)
      return
    case 'array':
      checkType(type.elementType, [...path, 'element'], true)
      break
    case 'map':
      checkType(type.keyType, [...path, 'key'], true)
      checkType(type.valueType, [...path, 'value'], true)
      break
    default:
  }
}
