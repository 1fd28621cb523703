import { DataType as Arrow, type DataType as ArrowType, type Field, type Schema } from 'apache-arrow'
import { DeltaError } from '../errors/delta-error.js'
import type { DataType, PrimitiveName, StructField, StructType } from '../schema/data-type.js'

export interface DeltaSchemaOptions {
  /**
   * What a timestamp without a zone becomes: `utc`, the default, a `timestamp` that is taken as UTC; `ntz` a `timestamp_ntz`; `error` refuses it.
   */
  readonly naiveTimestamps?: 'utc' | 'ntz' | 'error'
}

/**
 * The Delta schema that Arrow data of any physical form fits without loss: unsigned integers take the next wider type, uint64 a decimal(20,0). UnsupportedType,
 * naming the column, for types that Delta does not have (times, durations, unions).
 */
export function deltaSchema(schema: Schema, options: DeltaSchemaOptions = {}): StructType {
  return structOf(schema.fields, [], options)
}

function structOf(fields: readonly Field[], path: readonly string[], options: DeltaSchemaOptions): StructType {
  return { type: 'struct', fields: fields.map((field) => fieldOf(field, path, options)) }
}

function fieldOf(field: Field, path: readonly string[], options: DeltaSchemaOptions): StructField {
  const dataType = typeOf(field.type as ArrowType, [...path, field.name], options)
  return { name: field.name, dataType, nullable: field.nullable, metadata: {} }
}

function typeOf(type: ArrowType, path: readonly string[], options: DeltaSchemaOptions): DataType {
  if (Arrow.isDictionary(type)) return typeOf(type.dictionary as ArrowType, path, options)
  if (Arrow.isStruct(type))
    return isVariant(type.children) ? { type: 'variant' } : structOf(type.children, path, options)
  if (Arrow.isMap(type)) {
    const [entries] = type.children as unknown as [Field]
    const [key, value] = entries.type.children as [Field, Field]
    return {
      type: 'map',
      keyType: typeOf(key.type as ArrowType, [...path, 'key'], options),
      valueType: typeOf(value.type as ArrowType, [...path, 'value'], options),
      valueContainsNull: value.nullable,
    }
  }
  if (Arrow.isList(type) || Arrow.isLargeList(type) || Arrow.isFixedSizeList(type)) {
    const element = (type as ArrowType).children[0] as Field
    const elementType = typeOf(element.type as ArrowType, [...path, 'element'], options)
    return { type: 'array', elementType, containsNull: element.nullable }
  }
  if (Arrow.isDecimal(type)) {
    if (type.precision > 38 || type.scale < 0 || type.scale > type.precision) throw unsupported(type, path)
    return { type: 'decimal', precision: type.precision, scale: type.scale }
  }
  if (Arrow.isInt(type) && !type.isSigned && type.bitWidth === 64) return { type: 'decimal', precision: 20, scale: 0 }
  const name = primitiveOf(type, path, options)
  if (name === undefined) throw unsupported(type, path)
  return { type: name }
}

function primitiveOf(type: ArrowType, path: readonly string[], options: DeltaSchemaOptions): PrimitiveName | undefined {
  if (Arrow.isBool(type)) return 'boolean'
  if (Arrow.isInt(type)) return INTEGERS[type.isSigned ? type.bitWidth : type.bitWidth * 2]
  if (Arrow.isFloat(type)) return type.precision === 2 ? 'double' : 'float'
  if (Arrow.isUtf8(type) || Arrow.isLargeUtf8(type) || Arrow.isUtf8View(type)) return 'string'
  if (Arrow.isBinary(type) || Arrow.isLargeBinary(type) || Arrow.isBinaryView(type)) return 'binary'
  if (Arrow.isFixedSizeBinary(type)) return 'binary'
  if (Arrow.isDate(type)) return 'date'
  if (Arrow.isTimestamp(type)) return type.timezone ? 'timestamp' : naive(path, options)
  return Arrow.isNull(type) ? 'void' : undefined
}

const INTEGERS: { readonly [bits: number]: PrimitiveName } = { 8: 'byte', 16: 'short', 32: 'integer', 64: 'long' }

function naive(path: readonly string[], { naiveTimestamps = 'utc' }: DeltaSchemaOptions): PrimitiveName {
  if (naiveTimestamps !== 'error') return naiveTimestamps === 'ntz' ? 'timestamp_ntz' : 'timestamp'
  throw new DeltaError(
    'SchemaMismatch',
    `Column ${path.join('.')} has timestamps without a zone. Say with naiveTimestamps whether they are UTC ('utc') or stay without a zone ('ntz').`,
    { details: { column: path.join('.') } },
  )
}

function isVariant(fields: readonly Field[]): boolean {
  const names = fields.map(({ name }) => name).sort()
  return (
    names.join() === 'metadata,value' && fields.every(({ type }) => Arrow.isBinary(type) || Arrow.isBinaryView(type))
  )
}

function unsupported(type: ArrowType, path: readonly string[]): DeltaError {
  const column = path.join('.')
  const message = `Column ${column} has the Arrow type ${type}, which a Delta table cannot have. Convert it, or leave it out.`
  return new DeltaError('UnsupportedType', message, { details: { column, type: String(type) } })
}
