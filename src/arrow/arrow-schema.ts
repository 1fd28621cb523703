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
  Null,
  Schema,
  Struct,
  Timestamp,
  TimeUnit,
  Utf8,
} from 'apache-arrow'
import { assertNever } from '../errors/assert-never.js'
import type { DataType, MapType, StructField, StructType } from '../schema/data-type.js'
import { type NestedFieldIds, NO_FIELD_IDS, nestedFieldIds } from './field-ids.js'

export interface ArrowSchemaOptions {
  /** Puts the column mapping ids into the fields' metadata as `PARQUET:field_id`. Default: false. */
  readonly fieldIds?: boolean
}

/** The Arrow schema that the batches of a table have: the one physical form of each Delta type. The same one for the same fields. */
export function arrowSchema({ fields }: StructType, options: ArrowSchemaOptions = {}): Schema {
  const known = options.fieldIds === true ? schemasWithIds : schemas
  let schema = known.get(fields)
  if (schema === undefined) {
    schema = new Schema(fields.map((field) => arrowField(field, options)))
    known.set(fields, schema)
  }
  return schema
}

/** Those of held tables are asked for by every write. */
const schemas = new WeakMap<readonly StructField[], Schema>()
const schemasWithIds = new WeakMap<readonly StructField[], Schema>()

/** One column, or a field of a struct. */
function arrowField(field: StructField, options: ArrowSchemaOptions = {}): Field {
  const ids = options.fieldIds === true ? nestedFieldIds(field) : NO_FIELD_IDS
  return new Field(field.name, typeOf(field.dataType, ids, options), field.nullable, ids.metadata())
}

/** The Arrow type of a Delta type. */
export function arrowType(type: DataType): ArrowType {
  return typeOf(type, NO_FIELD_IDS, {})
}

/** The fields of a variant as a data file has them (PROTOCOL.md, "Variant Data Type"). */
export function variantFields(): Field[] {
  return [new Field('metadata', new Binary(), false), new Field('value', new Binary(), false)]
}

function typeOf(type: DataType, ids: NestedFieldIds, options: ArrowSchemaOptions): ArrowType {
  switch (type.type) {
    case 'boolean':
      return new Bool()
    case 'byte':
      return new Int8()
    case 'short':
      return new Int16()
    case 'integer':
      return new Int32()
    case 'long':
      return new Int64()
    case 'float':
      return new Float32()
    case 'double':
      return new Float64()
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128)
    case 'string':
      return new Utf8()
    case 'binary':
      return new Binary()
    case 'date':
      return new DateDay()
    case 'timestamp':
      return new Timestamp(TimeUnit.MICROSECOND, 'UTC')
    case 'timestamp_ntz':
      return new Timestamp(TimeUnit.MICROSECOND)
    case 'variant':
      return new Struct(variantFields())
    case 'void':
      return new Null()
    case 'struct':
      return new Struct(type.fields.map((field) => arrowField(field, options)))
    case 'array': {
      const element = ids.below('element')
      return new List(
        new Field('element', typeOf(type.elementType, element, options), type.containsNull, element.metadata()),
      )
    }
    case 'map':
      return mapType(type, ids, options)
    default:
      return assertNever(type, 'type')
  }
}

function mapType(type: MapType, ids: NestedFieldIds, options: ArrowSchemaOptions): ArrowType {
  const [key, value] = [ids.below('key'), ids.below('value')]
  const entries = new Struct([
    new Field('key', typeOf(type.keyType, key, options), false, key.metadata()),
    new Field('value', typeOf(type.valueType, value, options), type.valueContainsNull, value.metadata()),
  ])
  const map = new Map_(new Field('key_value', entries as never, false))
  // The constructor renames the field to Arrow's `entries`; Parquet's name is `key_value`.
  const [keyValue] = map.children as unknown as [{ name: string }]
  keyValue.name = 'key_value'
  return map
}
