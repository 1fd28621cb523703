import type { DataType } from './data-type.js'

/** Whether two types hold the same values under the same names: metadata, comments and what may be null count for nothing. */
export function sameType(a: DataType, b: DataType): boolean {
  switch (a.type) {
    case 'decimal':
      return b.type === 'decimal' && a.precision === b.precision && a.scale === b.scale
    case 'array':
      return b.type === 'array' && sameType(a.elementType, b.elementType)
    case 'map':
      return b.type === 'map' && sameType(a.keyType, b.keyType) && sameType(a.valueType, b.valueType)
    case 'struct':
      return (
        b.type === 'struct' &&
        a.fields.length === b.fields.length &&
        a.fields.every((field, i) => {
          const other = b.fields[i]
          return field.name === other?.name && sameType(field.dataType, other.dataType)
        })
      )
    default:
      return a.type === b.type
  }
}
