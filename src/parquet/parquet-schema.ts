import { thriftText } from './footer.js'
import { LOGICAL_TYPE, VARIANT_ID } from './footer-fields.js'
import type { ThriftStruct } from './thrift-type.js'

/** `Type` of parquet.thrift. */
export const PHYSICAL = {
  boolean: 0,
  int32: 1,
  int64: 2,
  int96: 3,
  float: 4,
  double: 5,
  byteArray: 6,
  fixedLenByteArray: 7,
} as const

/** `ConvertedType` of parquet.thrift, as far as it matters here. */
export const CONVERTED = {
  utf8: 0,
  map: 1,
  list: 3,
  enum: 4,
  decimal: 5,
  date: 6,
  timestampMillis: 9,
  timestampMicros: 10,
  uint8: 11,
  uint64: 14,
  int8: 15,
  int16: 16,
  int32: 17,
  int64: 18,
  json: 19,
} as const

/** `FieldRepetitionType` of parquet.thrift. */
export const REPETITION = { required: 0, optional: 1, repeated: 2 } as const

/** A node of a Parquet schema. */
export interface SchemaNode {
  readonly name: string
  /** The element of the footer. */
  readonly element: ThriftStruct
  /** Undefined for a leaf. */
  readonly children: readonly SchemaNode[] | undefined
  /** The leaves below (of a leaf: itself), as positions among the columns of a row group. */
  readonly leaves: { readonly start: number; readonly end: number }
}

/** The columns of the schema in the footer. Throws an `Error` where the elements are no tree. */
export function parseSchema(elements: readonly ThriftStruct[]): readonly SchemaNode[] {
  const cursor = { element: 0, leaf: 0 }
  const { children } = parseNode(elements, cursor, 0)
  if (children === undefined || cursor.element !== elements.length) throw new Error('its schema is no tree')
  return children
}

const MAX_DEPTH = 200

function parseNode(
  elements: readonly ThriftStruct[],
  cursor: { element: number; leaf: number },
  depth: number,
): SchemaNode {
  const element = elements[cursor.element++]
  if (element === undefined || depth > MAX_DEPTH) throw new Error('its schema is no tree')
  const name = thriftText(element.field_4) ?? ''
  const start = cursor.leaf
  if (element.field_1 !== undefined && depth > 0) {
    return { name, element, children: undefined, leaves: { start, end: ++cursor.leaf } }
  }
  const count = Number(element.field_5 ?? 0)
  const children: SchemaNode[] = []
  for (let i = 0; i < count; i++) children.push(parseNode(elements, cursor, depth + 1))
  return { name, element, children, leaves: { start, end: cursor.leaf } }
}

/**
 * The elements of a schema of some columns: what `parseSchema` reads.
 * @param root the root as the file has it
 * @param variants nodes to be marked as variants; no other has a logical type that the decoder does not know.
 */
export function schemaElements(
  root: ThriftStruct,
  columns: readonly SchemaNode[],
  variants: ReadonlySet<SchemaNode> = new Set(),
): ThriftStruct[] {
  const elements: ThriftStruct[] = [{ ...root, field_5: columns.length }]
  const add = (node: SchemaNode): void => {
    const element = variants.has(node) ? { ...node.element, field_10: VARIANT } : withoutNewLogicalType(node.element)
    elements.push(node.children === undefined ? element : { ...element, field_5: node.children.length })
    node.children?.forEach(add)
  }
  columns.forEach(add)
  return elements
}

/** Of specification version 1. */
const VARIANT: ThriftStruct = { [`field_${VARIANT_ID}`]: { field_1: 1 } }

const DECODABLE = Object.keys(LOGICAL_TYPE).filter((id) => Number(id) !== VARIANT_ID)

/** A logical type that the decoder does not know (variant, geometry) stops it; without it, it reads what is stored. */
function withoutNewLogicalType(element: ThriftStruct): ThriftStruct {
  const logical = element.field_10 as ThriftStruct | undefined
  if (logical === undefined || DECODABLE.some((id) => logical[`field_${Number(id)}`] !== undefined)) {
    return element
  }
  const { field_10, ...plain } = element
  return plain
}

/** The leaves of some columns as positions among the columns of a row group of the file. */
export function leafIndexes(columns: readonly SchemaNode[]): number[] {
  return leafNodes(columns).map((leaf) => leaf.leaves.start)
}

/** The leaves of some columns, in order. */
export function leafNodes(columns: readonly SchemaNode[]): SchemaNode[] {
  return columns.flatMap((node) => (node.children === undefined ? [node] : leafNodes(node.children)))
}

/** A top-level column by name, or fields of structs by their paths. */
export type ColumnSelection = string | readonly string[]

/** The columns of a selection in the order of the file; what the file lacks is left out. */
export function selectColumns(
  columns: readonly SchemaNode[],
  selection: readonly ColumnSelection[],
): readonly SchemaNode[] {
  const paths = selection.map((entry) => (typeof entry === 'string' ? [entry] : entry))
  return prune(columns, paths)
}

function prune(columns: readonly SchemaNode[], paths: readonly (readonly string[])[]): readonly SchemaNode[] {
  return columns.flatMap((node) => {
    const below = paths.filter((path) => path[0] === node.name).map((path) => path.slice(1))
    if (below.length === 0) return []
    if (node.children === undefined || below.some((path) => path.length === 0)) return [node]
    const children = prune(node.children, below)
    return children.length === 0 ? [] : [{ ...node, children }]
  })
}
