import { CONVERTED, PHYSICAL, type SchemaNode } from './parquet-schema.js'
import type { ThriftStruct } from './thrift-type.js'

/** What the physical values of a leaf column mean. */
type LeafMeaning =
  | { readonly kind: 'boolean' | 'float' | 'double' | 'date' | 'string' | 'binary' | 'other' }
  | { readonly kind: 'integer'; readonly bits: 32 | 64; readonly signed: boolean }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'timestamp'; readonly unit: 'millis' | 'micros' | 'nanos' }

export interface ParquetLeaf {
  /** In the Parquet schema, groups of lists and maps included. */
  readonly path: readonly string[]
  readonly physicalType: number
  readonly meaning: LeafMeaning
}

/** The leaves of a schema, in the order of the columns of a row group. */
export function parquetLeaves(columns: readonly SchemaNode[], parents: readonly string[] = []): ParquetLeaf[] {
  return columns.flatMap((node) => {
    const path = [...parents, node.name]
    if (node.children !== undefined) return parquetLeaves(node.children, path)
    return [{ path, physicalType: Number(node.element.field_1), meaning: meaningOf(node.element) }]
  })
}

function meaningOf(element: ThriftStruct): LeafMeaning {
  const physical = Number(element.field_1)
  const converted = element.field_6 as number | undefined
  const logical = (element.field_10 ?? {}) as ThriftStruct
  const decimal = logical.field_5 as ThriftStruct | undefined
  if (decimal !== undefined)
    return { kind: 'decimal', scale: Number(decimal.field_1), precision: Number(decimal.field_2) }
  if (converted === CONVERTED.decimal) {
    return { kind: 'decimal', scale: Number(element.field_7 ?? 0), precision: Number(element.field_8) }
  }
  switch (physical) {
    case PHYSICAL.boolean:
      return { kind: 'boolean' }
    case PHYSICAL.float:
      return { kind: 'float' }
    case PHYSICAL.double:
      return { kind: 'double' }
    case PHYSICAL.int32:
      if (logical.field_6 !== undefined || converted === CONVERTED.date) return { kind: 'date' }
      return logical.field_7 === undefined ? integer(32, logical, converted) : { kind: 'other' }
    case PHYSICAL.int64:
      return timestampMeaning(logical, converted) ?? integer(64, logical, converted)
    case PHYSICAL.byteArray: {
      const text = logical.field_1 !== undefined || logical.field_4 !== undefined || logical.field_12 !== undefined
      const annotated = converted === CONVERTED.utf8 || converted === CONVERTED.enum || converted === CONVERTED.json
      return { kind: text || annotated ? 'string' : 'binary' }
    }
    default:
      return { kind: 'other' }
  }
}

function timestampMeaning(logical: ThriftStruct, converted: number | undefined): LeafMeaning | undefined {
  const timestamp = logical.field_8 as ThriftStruct | undefined
  if (timestamp !== undefined) {
    const unit = (timestamp.field_2 ?? {}) as ThriftStruct
    return { kind: 'timestamp', unit: unit.field_1 ? 'millis' : unit.field_2 ? 'micros' : 'nanos' }
  }
  if (converted === CONVERTED.timestampMillis) return { kind: 'timestamp', unit: 'millis' }
  if (converted === CONVERTED.timestampMicros) return { kind: 'timestamp', unit: 'micros' }
  return logical.field_7 === undefined ? undefined : { kind: 'other' }
}

function integer(bits: 32 | 64, logical: ThriftStruct, converted: number | undefined): LeafMeaning {
  const type = logical.field_10 as ThriftStruct | undefined
  const unsigned = converted !== undefined && converted >= CONVERTED.uint8 && converted <= CONVERTED.uint64
  return { kind: 'integer', bits, signed: type === undefined ? !unsigned : type.field_2 === true }
}
