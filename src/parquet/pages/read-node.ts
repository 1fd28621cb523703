import {
  type DataType as ArrowType,
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  Map_,
  Struct,
  Timestamp,
  TimeUnit,
  Utf8,
} from 'apache-arrow'
import { PARQUET_FIELD_ID } from '../../arrow/field-ids.js'
import { CONVERTED, PHYSICAL, REPETITION, type SchemaNode } from '../parquet-schema.js'
import type { ThriftStruct } from '../thrift-type.js'

/** A leaf column of a file. */
export interface ReadLeaf {
  readonly kind: 'leaf'
  readonly field: Field
  /** Its position among the columns of a row group. */
  readonly index: number
  /** `Type` of parquet.thrift. */
  readonly physicalType: number
  /** Bytes of a value in the file; 0 where they differ, and for booleans. */
  readonly width: number
  /** The levels of a value that is there (parquet-format, "Nested Encoding"). */
  readonly definition: number
  readonly repetition: number
}

/** How a column is put together from its leaves. A map is a list of structs. */
export type ReadNode =
  | ReadLeaf
  | { readonly kind: 'struct'; readonly field: Field; readonly definition: number; readonly children: ReadNode[] }
  | { readonly kind: 'list'; readonly field: Field; readonly definition: number; readonly child: ReadNode }

/** Where a node stands: the levels of what is around it. */
interface Place {
  readonly definition: number
  readonly repetition: number
}

/** What parquet-wasm makes of some columns of a schema. Undefined where one has a type or a form that tables seldom have. */
export function readNodes(columns: readonly SchemaNode[]): readonly ReadNode[] | undefined {
  const nodes = columns.map((column) => readNode(column, { definition: 0, repetition: 0 }))
  return nodes.includes(undefined) ? undefined : (nodes as ReadNode[])
}

function readNode(node: SchemaNode, above: Place): ReadNode | undefined {
  const { element, children } = node
  const nullable = element.field_3 === REPETITION.optional
  if (!nullable && element.field_3 !== REPETITION.required) return undefined
  const place = { ...above, definition: above.definition + (nullable ? 1 : 0) }
  if (children === undefined) return readLeaf(node, place)
  const kind = GROUPS.find(({ converted, logical }) => {
    const annotation = element.field_10 as ThriftStruct | undefined
    return element.field_6 === converted || annotation?.[`field_${logical}`] !== undefined
  })
  if (kind !== undefined) return kind.read(node, place)
  return element.field_6 === undefined ? readStruct(node, children, place) : undefined
}

const GROUPS = [
  { converted: CONVERTED.map, logical: 2, read: readMap },
  { converted: CONVERTED.list, logical: 3, read: readList },
]

function readStruct(node: SchemaNode, children: readonly SchemaNode[], place: Place): ReadNode | undefined {
  const read = children.map((child) => readNode(child, place))
  if (read.length === 0 || read.includes(undefined)) return undefined
  const below = read as ReadNode[]
  const type = new Struct(below.map(({ field }) => field))
  return { kind: 'struct', field: fieldOf(node, type), definition: place.definition, children: below }
}

/** Three levels, as parquet-format wants them; older forms are left to others. */
function readList(node: SchemaNode, place: Place): ReadNode | undefined {
  const [group, ...others] = node.children as readonly SchemaNode[]
  if (group === undefined || others.length > 0 || group.element.field_3 !== REPETITION.repeated) return undefined
  const [element, ...rest] = group.children ?? []
  if (element === undefined || rest.length > 0) return undefined
  if (group.name === 'array' || group.name === `${node.name}_tuple`) return undefined
  const child = readNode(element, inside(place))
  return child && { kind: 'list', field: fieldOf(node, new List(child.field)), definition: place.definition, child }
}

function readMap(node: SchemaNode, place: Place): ReadNode | undefined {
  const [group, ...others] = node.children as readonly SchemaNode[]
  if (group?.children === undefined || others.length > 0 || group.element.field_3 !== REPETITION.repeated)
    return undefined
  const [key] = group.children
  if (group.children.length !== 2 || key?.element.field_3 !== REPETITION.required) return undefined
  const child = readStruct(group, group.children, inside(place))
  if (child === undefined) return undefined
  const type = new Map_(child.field as never, false)
  return { kind: 'list', field: fieldOf(node, type), definition: place.definition, child }
}

function inside({ definition, repetition }: Place): Place {
  return { definition: definition + 1, repetition: repetition + 1 }
}

function fieldOf({ name, element }: SchemaNode, type: ArrowType): Field {
  const id = element.field_9
  const metadata = new Map(id === undefined ? [] : [[PARQUET_FIELD_ID, String(id)]])
  return new Field(name, type, element.field_3 === REPETITION.optional, metadata)
}

function readLeaf(node: SchemaNode, { definition, repetition }: Place): ReadLeaf | undefined {
  const physicalType = Number(node.element.field_1)
  const form = leafForm(node.element, physicalType)
  if (form === undefined) return undefined
  const { type, width } = form
  const index = node.leaves.start
  return { kind: 'leaf', field: fieldOf(node, type), index, physicalType, width, definition, repetition }
}

interface LeafForm {
  readonly type: ArrowType
  readonly width: number
}

function leafForm(element: ThriftStruct, physicalType: number): LeafForm | undefined {
  const converted = element.field_6 as number | undefined
  const logical = (element.field_10 ?? {}) as ThriftStruct
  const isPlain = converted === undefined && Object.keys(logical).length === 0
  switch (physicalType) {
    case PHYSICAL.boolean:
      return isPlain ? { type: new Bool(), width: 0 } : undefined
    case PHYSICAL.float:
      return isPlain ? { type: new Float32(), width: 4 } : undefined
    case PHYSICAL.double:
      return isPlain ? { type: new Float64(), width: 8 } : undefined
    case PHYSICAL.byteArray:
      if (logical.field_1 !== undefined || (converted === CONVERTED.utf8 && element.field_10 === undefined)) {
        return { type: new Utf8(), width: 0 }
      }
      return isPlain ? { type: new Binary(), width: 0 } : undefined
    case PHYSICAL.int32: {
      const type = isPlain ? new Int32() : (intType(logical, converted, 32) ?? decimalType(element, 9))
      if (type !== undefined) return { type, width: 4 }
      return logical.field_6 !== undefined || converted === CONVERTED.date
        ? { type: new DateDay(), width: 4 }
        : undefined
    }
    case PHYSICAL.int64: {
      const type = isPlain
        ? new Int64()
        : (intType(logical, converted, 64) ?? decimalType(element, 18) ?? timestampType(logical, converted))
      return type && { type, width: 8 }
    }
    case PHYSICAL.fixedLenByteArray: {
      const width = Number(element.field_2)
      const type = width > 0 && width <= 16 ? decimalType(element, 38) : undefined
      return type && { type, width }
    }
    default:
      return undefined
  }
}

/** Signed ones. */
function intType(logical: ThriftStruct, converted: number | undefined, bits: 32 | 64): ArrowType | undefined {
  const given = logical.field_10 as ThriftStruct | undefined
  if (given === undefined && Object.keys(logical).length > 0) return undefined
  if (given !== undefined && given.field_2 !== true) return undefined
  const known = given === undefined ? INT_OF_CONVERTED.get(converted) : Number(given.field_1)
  if (bits === 64) return known === 64 ? new Int64() : undefined
  return known === 8 ? new Int8() : known === 16 ? new Int16() : known === 32 ? new Int32() : undefined
}

const INT_OF_CONVERTED = new Map<number | undefined, number>([
  [CONVERTED.int8, 8],
  [CONVERTED.int16, 16],
  [CONVERTED.int32, 32],
  [CONVERTED.int64, 64],
])

function decimalType({ field_6, field_7, field_8, field_10 }: ThriftStruct, most: number): ArrowType | undefined {
  const logical = (field_10 as ThriftStruct | undefined)?.field_5 as ThriftStruct | undefined
  if (logical === undefined && (field_6 !== CONVERTED.decimal || field_10 !== undefined)) return undefined
  const [scale, precision] = (logical === undefined ? [field_7 ?? 0, field_8] : [logical.field_1, logical.field_2]).map(
    Number,
  ) as [number, number]
  const isSound = precision >= 1 && precision <= most && scale >= 0 && scale <= precision
  return isSound ? new Decimal(scale, precision, 128) : undefined
}

function timestampType(logical: ThriftStruct, converted: number | undefined): ArrowType | undefined {
  const given = logical.field_8 as ThriftStruct | undefined
  if (given === undefined) {
    if (Object.keys(logical).length > 0) return undefined
    if (converted === CONVERTED.timestampMillis) return new Timestamp(TimeUnit.MILLISECOND, 'UTC')
    return converted === CONVERTED.timestampMicros ? new Timestamp(TimeUnit.MICROSECOND, 'UTC') : undefined
  }
  const unit = (given.field_2 ?? {}) as ThriftStruct
  const zone = given.field_1 === true ? 'UTC' : undefined
  if (unit.field_1 !== undefined) return new Timestamp(TimeUnit.MILLISECOND, zone)
  if (unit.field_2 !== undefined) return new Timestamp(TimeUnit.MICROSECOND, zone)
  return unit.field_3 === undefined ? undefined : new Timestamp(TimeUnit.NANOSECOND, zone)
}

/** The leaves below some nodes, in the order of the columns of a row group. */
export function readLeaves(nodes: readonly ReadNode[]): ReadLeaf[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'leaf') return [node]
    return readLeaves(node.kind === 'struct' ? node.children : [node.child])
  })
}
