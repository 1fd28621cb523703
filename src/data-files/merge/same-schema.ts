import { DataType, type Field } from 'apache-arrow'
import { PARQUET_FIELD_ID } from '../../arrow/field-ids.js'
import { VARIANT_ID } from '../../parquet/footer-fields.js'
import type { SchemaNode } from '../../parquet/parquet-schema.js'
import type { ThriftStruct } from '../../parquet/thrift-type.js'

/**
 * Whether a file has the columns of a table, no more and no fewer, in its order and of its types, and by its field ids where it has some. Names inside of lists and maps, and whether
 * values may be null, are not looked at.
 */
export function hasColumns(stored: readonly Field[], wanted: readonly Field[]): boolean {
  return (
    stored.length === wanted.length &&
    stored.every((field, i) => isField(field, wanted[i] as Field) && field.name === wanted[i]?.name)
  )
}

function isField(stored: Field, wanted: Field): boolean {
  const id = wanted.metadata.get(PARQUET_FIELD_ID)
  return (id === undefined || stored.metadata.get(PARQUET_FIELD_ID) === id) && isType(stored.type, wanted.type)
}

function isType(stored: DataType, wanted: DataType): boolean {
  if (DataType.isStruct(wanted)) return DataType.isStruct(stored) && hasColumns(stored.children, wanted.children)
  if (!DataType.isList(wanted) && !DataType.isMap(wanted)) return String(stored) === String(wanted)
  if (stored.typeId !== wanted.typeId) return false
  if (DataType.isList(wanted)) return isField(stored.children[0] as Field, wanted.children[0] as Field)
  const [entries, wantedEntries] = [stored, wanted].map((map) => (map.children[0] as Field).type.children as Field[])
  return entries?.every((entry, i) => isField(entry, wantedEntries?.[i] as Field)) === true
}

/** Whether two files store their columns alike, so that pages of one may stand behind pages of the other. */
export function storeAlike(a: readonly SchemaNode[], b: readonly SchemaNode[]): boolean {
  return a.length === b.length && a.every((node, i) => isStoredAs(node, b[i] as SchemaNode))
}

function isStoredAs(a: SchemaNode, b: SchemaNode): boolean {
  if (
    a.name !== b.name ||
    isVariant(a) !== isVariant(b) ||
    ALIKE.some((field) => a.element[field] !== b.element[field])
  )
    return false
  if (a.children === undefined || b.children === undefined) return a.children === b.children
  return storeAlike(a.children, b.children)
}

/** Of `SchemaElement` of parquet.thrift: the physical type, its length, the repetition and the field id. */
const ALIKE = ['field_1', 'field_2', 'field_3', 'field_9'] as const

function isVariant({ element }: SchemaNode): boolean {
  return (element.field_10 as ThriftStruct | undefined)?.[`field_${VARIANT_ID}`] !== undefined
}
