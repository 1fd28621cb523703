import { DeltaError } from '../../errors/delta-error.js'
import type { DataType, StructField, StructType } from '../data-type.js'
import { resolveColumn } from '../resolve-column.js'
import { columnName } from '../schema-error.js'

/** What is changed at the end of a path: the fields of a struct. */
type StructEdit = (struct: StructType, path: readonly string[]) => StructType

/**
 * Changes a column or a field at any depth; undefined takes it away. Steps into arrays and maps are `element`, `key` and `value`; names are compared without case.
 *
 * @param edit gets the field and its path as the schema spells it
 * @throws UnknownColumn with the nearest name, AmbiguousColumn
 */
export function editField(
  schema: StructType,
  path: readonly string[],
  edit: (field: StructField, path: readonly string[]) => StructField | undefined,
): StructType {
  return editStruct(schema, path.slice(0, -1), (struct, above) => {
    const { field } = resolveColumn(struct, path.slice(-1))
    const fields = struct.fields.flatMap((each) =>
      each === field ? (edit(field, [...above, field.name]) ?? []) : [each],
    )
    return { ...struct, fields }
  })
}

/**
 * Changes the struct at a path: the schema itself where it is empty.
 *
 * @throws UnknownColumn, also where there is no struct at the path
 */
export function editStruct(schema: StructType, path: readonly string[], edit: StructEdit): StructType {
  return editType(schema, path, [], edit) as StructType
}

function editType(type: DataType, steps: readonly string[], path: readonly string[], edit: StructEdit): DataType {
  const [step, ...rest] = steps
  switch (type.type) {
    case 'struct': {
      if (step === undefined) return edit(type, path)
      const { field } = resolveColumn(type, [step])
      const dataType = editType(field.dataType, rest, [...path, field.name], edit)
      return { ...type, fields: type.fields.map((each) => (each === field ? { ...each, dataType } : each)) }
    }
    case 'array':
      if (step !== 'element') break
      return { ...type, elementType: editType(type.elementType, rest, [...path, step], edit) }
    case 'map':
      if (step === 'key') return { ...type, keyType: editType(type.keyType, rest, [...path, step], edit) }
      if (step === 'value') return { ...type, valueType: editType(type.valueType, rest, [...path, step], edit) }
      break
    default:
  }
  const column = columnName(path)
  const help =
    type.type === 'array'
      ? `It is an array: write ${column}.element for what is in it.`
      : type.type === 'map'
        ? `It is a map: write ${column}.key or ${column}.value for what is in it.`
        : 'It has no fields.'
  throw new DeltaError('UnknownColumn', `Column ${column} is not a struct. ${help}`, { details: { column } })
}
