import {
  type DataType as ArrowType,
  DataType,
  DateUnit,
  type Field,
  Precision,
  type Schema,
  TimeUnit,
} from 'apache-arrow'
import { PARQUET_FIELD_ID } from '../../../arrow/field-ids.js'
import { CONVERTED, PHYSICAL, REPETITION } from '../../parquet-schema.js'
import type { ThriftStruct } from '../../thrift-type.js'

/** A leaf column of a file that is to be written. */
export interface SmallLeaf {
  /** The names of its fields, groups of lists and maps included, as UTF-8. */
  readonly path: readonly Uint8Array[]
  /** `Type` of parquet.thrift. */
  readonly physicalType: number
  /** Bytes of a value in the file; 0 where they differ, and for booleans. */
  readonly width: number
  readonly maxDefinition: number
  readonly maxRepetition: number
  readonly kind: 'boolean' | 'integer' | 'float' | 'decimal' | 'string' | 'binary'
}

/** How a column is taken apart. A map is a list of pairs. */
export type SmallNode =
  | { readonly kind: 'leaf'; readonly nullable: boolean; readonly leaf: number }
  | { readonly kind: 'struct'; readonly nullable: boolean; readonly children: readonly SmallNode[] }
  | { readonly kind: 'list'; readonly nullable: boolean; readonly child: SmallNode }

export interface SmallSchema {
  /** For the footer; the first is the root. */
  readonly elements: readonly ThriftStruct[]
  readonly columns: readonly SmallNode[]
  readonly leaves: readonly SmallLeaf[]
}

const known = new WeakMap<Schema, SmallSchema | 'other'>()
const encoder = new TextEncoder()

/** The Parquet schema that parquet-wasm makes of an Arrow schema. Undefined where it has types that tables do not store. */
export function smallSchema(schema: Schema): SmallSchema | undefined {
  let made = known.get(schema)
  if (made === undefined) {
    made = new SchemaMaker().make(schema) ?? 'other'
    known.set(schema, made)
  }
  return made === 'other' ? undefined : made
}

/** Where a field is in the schema. */
interface Place {
  readonly path: readonly string[]
  readonly definition: number
  readonly repetition: number
}

type LeafType = Pick<SmallLeaf, 'physicalType' | 'width' | 'kind'> & { readonly annotation: ThriftStruct }

class SchemaMaker {
  readonly #elements: ThriftStruct[] = []
  readonly #leaves: SmallLeaf[] = []

  make({ fields }: Schema): SmallSchema | undefined {
    this.#elements.push({ field_4: encoder.encode('arrow_schema'), field_5: fields.length })
    const columns = fields.map((field) => this.#node(field, { path: [], definition: 0, repetition: 0 }))
    if (columns.includes(undefined)) return undefined
    return { elements: this.#elements, columns: columns as SmallNode[], leaves: this.#leaves }
  }

  #node(field: Field, above: Place): SmallNode | undefined {
    const { name, nullable } = field
    const type = field.type as ArrowType
    const place = { ...above, path: [...above.path, name], definition: above.definition + (nullable ? 1 : 0) }
    if (DataType.isStruct(type)) {
      this.#group(field, { field_5: type.children.length })
      return this.#struct(type.children, nullable, place)
    }
    if (DataType.isList(type) || DataType.isMap(type)) return this.#list(field, type, place)
    const leaf = leafType(type)
    if (leaf === undefined) return undefined
    const { annotation, ...how } = leaf
    this.#group(field, { field_1: leaf.physicalType, ...annotation })
    const levels = { maxDefinition: place.definition, maxRepetition: place.repetition }
    this.#leaves.push({ ...how, ...levels, path: place.path.map((part) => encoder.encode(part)) })
    return { kind: 'leaf', nullable, leaf: this.#leaves.length - 1 }
  }

  #struct(fields: readonly Field[], nullable: boolean, place: Place): SmallNode | undefined {
    const children = fields.map((child) => this.#node(child, place))
    if (children.length === 0 || children.includes(undefined)) return undefined
    return { kind: 'struct', nullable, children: children as SmallNode[] }
  }

  /** Three levels: the field, the repeated group, and what is in it. */
  #list(field: Field, type: ArrowType, { path, definition, repetition }: Place): SmallNode | undefined {
    const isMap = DataType.isMap(type)
    const [inner] = type.children as [Field]
    this.#group(field, {
      field_5: 1,
      field_6: isMap ? CONVERTED.map : CONVERTED.list,
      field_10: isMap ? { field_2: {} } : { field_3: {} },
    })
    const name = isMap ? inner.name : 'list'
    const parts = isMap ? (inner.type.children as Field[]) : [inner]
    this.#elements.push({ field_3: REPETITION.repeated, field_4: encoder.encode(name), field_5: parts.length })
    const place = { path: [...path, name], definition: definition + 1, repetition: repetition + 1 }
    const child = isMap ? this.#struct(parts, false, place) : this.#node(inner, place)
    return child && { kind: 'list', nullable: field.nullable, child }
  }

  #group({ name, nullable, metadata }: Field, rest: ThriftStruct): void {
    const id = metadata.get(PARQUET_FIELD_ID)
    const named = { field_3: nullable ? REPETITION.optional : REPETITION.required, field_4: encoder.encode(name) }
    this.#elements.push({ ...named, ...rest, ...(id !== undefined && { field_9: Number(id) }) })
  }
}

function leafType(type: ArrowType): LeafType | undefined {
  if (DataType.isBool(type)) return { ...BOOLEAN, annotation: {} }
  if (DataType.isInt(type)) return type.isSigned ? integerType(type.bitWidth) : undefined
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.HALF) return undefined
    return type.precision === Precision.SINGLE ? { ...FLOAT, annotation: {} } : { ...DOUBLE, annotation: {} }
  }
  if (DataType.isUtf8(type)) return { ...STRING, annotation: { field_6: CONVERTED.utf8, field_10: { field_1: {} } } }
  if (DataType.isBinary(type)) return { ...BINARY, annotation: {} }
  if (DataType.isDate(type)) {
    if (type.unit !== DateUnit.DAY) return undefined
    return { ...INT32, annotation: { field_6: CONVERTED.date, field_10: { field_6: {} } } }
  }
  if (DataType.isTimestamp(type)) {
    if (type.unit !== TimeUnit.MICROSECOND) return undefined
    const time = { field_1: type.timezone != null, field_2: { field_2: {} } }
    return { ...INT64, annotation: { field_6: CONVERTED.timestampMicros, field_10: { field_8: time } } }
  }
  return DataType.isDecimal(type) && type.bitWidth === 128 ? decimalType(type.precision, type.scale) : undefined
}

const BOOLEAN = { kind: 'boolean', physicalType: PHYSICAL.boolean, width: 0 } as const
const INT32 = { kind: 'integer', physicalType: PHYSICAL.int32, width: 4 } as const
const INT64 = { kind: 'integer', physicalType: PHYSICAL.int64, width: 8 } as const
const FLOAT = { kind: 'float', physicalType: PHYSICAL.float, width: 4 } as const
const DOUBLE = { kind: 'float', physicalType: PHYSICAL.double, width: 8 } as const
const STRING = { kind: 'string', physicalType: PHYSICAL.byteArray, width: 0 } as const
const BINARY = { kind: 'binary', physicalType: PHYSICAL.byteArray, width: 0 } as const

function integerType(bits: number): LeafType {
  if (bits === 64) return { ...INT64, annotation: {} }
  if (bits === 32) return { ...INT32, annotation: {} }
  const logical = { field_10: { field_1: bits, field_2: true } }
  return {
    ...INT32,
    annotation: { field_6: bits === 8 ? CONVERTED.int8 : CONVERTED.int16, field_10: logical },
  }
}

function decimalType(precision: number, scale: number): LeafType {
  const numbers = { field_7: scale, field_8: precision }
  const annotation = {
    field_6: CONVERTED.decimal,
    ...numbers,
    field_10: { field_5: { field_1: scale, field_2: precision } },
  }
  // Numbers of one digit as parquet-wasm has them: row groups of both may end up in one file.
  if (precision > 1 && precision <= 9) return { kind: 'decimal', physicalType: PHYSICAL.int32, width: 4, annotation }
  if (precision <= 18) return { kind: 'decimal', physicalType: PHYSICAL.int64, width: 8, annotation }
  // The fewest bytes that hold the greatest number of so many digits, and its sign.
  const width = Math.ceil((precision * Math.log2(10) + 1) / 8)
  const fixed = { physicalType: PHYSICAL.fixedLenByteArray, annotation: { ...annotation, field_2: width } }
  return { kind: 'decimal', width, ...fixed }
}
