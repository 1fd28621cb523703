import type { SchemaNode } from '../../parquet/parquet-schema.js'
import { type ColumnMappingMode, fieldId, storedName } from '../../schema/column-mapping.js'
import type { DataType, StructField } from '../../schema/data-type.js'

const REPEATED = 2

/** Whether there is a variant in a column, at any depth. */
export function hasVariant({ dataType }: { readonly dataType: DataType }): boolean {
  switch (dataType.type) {
    case 'variant':
      return true
    case 'struct':
      return dataType.fields.some(hasVariant)
    case 'array':
      return hasVariant({ dataType: dataType.elementType })
    case 'map':
      return hasVariant({ dataType: dataType.keyType }) || hasVariant({ dataType: dataType.valueType })
    default:
      return false
  }
}

/** The nodes of a file's schema that are variants by the schema of the table. */
export function variantNodes(
  columns: readonly SchemaNode[],
  fields: readonly StructField[],
  mode: ColumnMappingMode,
): ReadonlySet<SchemaNode> {
  const found = new Set<SchemaNode>()
  const visitFields = (nodes: readonly SchemaNode[], of: readonly StructField[]): void => {
    for (const field of of) {
      const node = nodes.find((each) => isStoredAs(each, field, mode))
      if (node !== undefined) visit(node, field.dataType)
    }
  }
  const visit = (node: SchemaNode, type: DataType): void => {
    const { children = [] } = node
    const [repeated] = children
    if (type.type === 'variant') found.add(node)
    if (type.type === 'struct') visitFields(children, type.fields)
    if (type.type === 'array' && repeated !== undefined) visit(elementOf(repeated), type.elementType)
    if (type.type === 'map' && repeated !== undefined) {
      const [key, value] = repeated.children ?? []
      if (key !== undefined) visit(key, type.keyType)
      if (value !== undefined) visit(value, type.valueType)
    }
  }
  visitFields(columns, fields)
  return found
}

function isStoredAs(node: SchemaNode, field: StructField, mode: ColumnMappingMode): boolean {
  const id = node.element.field_9
  if (mode === 'id' && id !== undefined) return Number(id) === fieldId(field)
  return node.name.toLowerCase() === storedName(field, mode).toLowerCase()
}

/** Lists of three levels have a group of one field around the element; in those of two the repeated field is the element. */
function elementOf(repeated: SchemaNode): SchemaNode {
  const [only, ...others] = repeated.children ?? []
  const wraps = only !== undefined && others.length === 0 && repeated.element.field_3 === REPEATED
  return wraps ? only : repeated
}
