import {
  Schema as ArrowSchema,
  DataType,
  type Field,
  List,
  Map_,
  type Schema,
  Struct,
  Timestamp,
  TimeUnit,
} from 'apache-arrow'
import { toIpc } from '../arrow/ipc.js'
import { leafNodes, PHYSICAL, type SchemaNode } from './parquet-schema.js'
import type { ThriftStruct } from './thrift-type.js'

/** Where Arrow's writers leave the Arrow schema of a file, and readers look for it. */
const ARROW_SCHEMA_KEY = 'ARROW:schema'

const encoder = new TextEncoder()

/** The schema with INT96 timestamps in microseconds of UTC: in nanoseconds, the default, only the years 1678 to 2261 fit into 64 bits. */
export function hintSchema(schema: Schema, columns: readonly SchemaNode[]): Schema {
  if (!hasInt96(columns)) return schema
  const physical = leafNodes(columns).map((leaf) => Number(leaf.element.field_1))
  const cursor = { leaf: 0 }
  const visit = (field: Field): Field => {
    const { type } = field
    if (DataType.isStruct(type)) return field.clone({ type: new Struct(type.children.map(visit)) })
    if (DataType.isList(type)) return field.clone({ type: new List(visit(type.children[0] as Field)) })
    if (DataType.isMap(type))
      return field.clone({ type: new Map_(visit(type.children[0] as Field) as never, type.keysSorted) })
    const int96 = physical[cursor.leaf++] === PHYSICAL.int96
    return int96 ? field.clone({ type: new Timestamp(TimeUnit.MICROSECOND, 'UTC') }) : field
  }
  return new ArrowSchema(schema.fields.map(visit), schema.metadata)
}

/** What a footer must say so that the decoder reads a file with this schema. Nothing where it would anyway. */
export function schemaHint(schema: Schema, columns: readonly SchemaNode[]): readonly ThriftStruct[] {
  if (!hasInt96(columns)) return []
  const ipc = toIpc(schema, [])
  let binary = ''
  for (const byte of ipc) binary += String.fromCharCode(byte)
  return [{ field_1: encoder.encode(ARROW_SCHEMA_KEY), field_2: encoder.encode(btoa(binary)) }]
}

function hasInt96(columns: readonly SchemaNode[]): boolean {
  return leafNodes(columns).some((leaf) => leaf.element.field_1 === PHYSICAL.int96)
}
