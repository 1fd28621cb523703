import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { DataType, JsonValue, StructField, StructType } from './data-type.js'
import { parseJson, stringifyJson } from './lossless-json.js'
import { isCharacterType, primitiveFromName } from './primitive-from-name.js'
import { columnName, type SchemaErrorCode, schemaError } from './schema-error.js'

/** Where Spark keeps the declared type of `char(n)` and `varchar(n)` columns. */
const CHARACTER_TYPE = '__CHAR_VARCHAR_TYPE_STRING'

interface Place {
  readonly path: readonly string[]
  readonly code: SchemaErrorCode
}

/**
 * Parses Delta's schema JSON (PROTOCOL.md, "Schema Serialization Format"). Metadata is kept as it stands, integers beyond 2^53 included.
 *
 * UnsupportedType, naming the column, for types that the protocol does not have (intervals, user-defined types, ...).
 * @param code the error for a text that is no schema: `CorruptLog` (default) for a stored one, `InvalidSchema` for one that a user wrote.
 */
export function parseSchemaJson(text: string, code: SchemaErrorCode = 'CorruptLog'): StructType {
  let json: JsonValue
  try {
    json = parseJson(text)
  } catch (cause) {
    throw new DeltaError(code, `The schema is not JSON: ${errorText(cause)}`, { cause })
  }
  const type = readType(json, { path: [], code })
  if (type.type !== 'struct') throw schemaError(code, [], 'is not a struct.')
  return type
}

/** Delta's schema JSON on one line: what `metaData.schemaString` holds. */
export function schemaToJson(schema: StructType): string {
  return stringifyJson(typeToJson(schema))
}

/** The `type` of a field in Delta's schema JSON. */
function typeToJson(type: DataType): JsonValue {
  switch (type.type) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'array':
      return { type: 'array', elementType: typeToJson(type.elementType), containsNull: type.containsNull }
    case 'map':
      return {
        type: 'map',
        keyType: typeToJson(type.keyType),
        valueType: typeToJson(type.valueType),
        valueContainsNull: type.valueContainsNull,
      }
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldToJson) }
    default:
      return type.type
  }
}

function fieldToJson({ name, dataType, nullable, metadata }: StructField): JsonValue {
  return { name, type: typeToJson(dataType), nullable, metadata }
}

function readType(json: JsonValue | undefined, at: Place): DataType {
  if (typeof json === 'string') {
    const type = primitiveFromName(json)
    if (type === undefined) throw unsupported(json, at)
    return type
  }
  if (!isObject(json)) throw schemaError(at.code, at.path, 'has no type.')
  switch (json.type) {
    case 'struct':
      return readStruct(json, at)
    case 'array':
      return {
        type: 'array',
        elementType: readType(json.elementType, inside(at, 'element')),
        containsNull: readFlag(json.containsNull, at),
      }
    case 'map':
      return {
        type: 'map',
        keyType: readType(json.keyType, inside(at, 'key')),
        valueType: readType(json.valueType, inside(at, 'value')),
        valueContainsNull: readFlag(json.valueContainsNull, at),
      }
    default:
      throw unsupported(typeof json.type === 'string' ? json.type : stringifyJson(json), at)
  }
}

function readStruct(json: { readonly [name: string]: JsonValue }, at: Place): StructType {
  if (!Array.isArray(json.fields)) throw schemaError(at.code, at.path, 'is a struct without a list of fields.')
  return { type: 'struct', fields: (json.fields as readonly JsonValue[]).map((field) => readField(field, at)) }
}

function readField(json: JsonValue, at: Place): StructField {
  if (!isObject(json) || typeof json.name !== 'string') {
    throw schemaError(at.code, at.path, 'has a field without a name.')
  }
  const here = inside(at, json.name)
  const metadata = json.metadata ?? {}
  if (!isObject(metadata)) throw schemaError(at.code, here.path, 'has metadata that is not an object.')
  const declared = typeof json.type === 'string' && isCharacterType(json.type) ? { [CHARACTER_TYPE]: json.type } : {}
  return {
    name: json.name,
    dataType: readType(json.type, here),
    nullable: readFlag(json.nullable, here),
    metadata: { ...declared, ...metadata },
  }
}

/** Missing means true: nothing is promised about nulls. */
function readFlag(json: JsonValue | undefined, at: Place): boolean {
  if (json === undefined) return true
  if (typeof json !== 'boolean') throw schemaError(at.code, at.path, 'does not say with true or false if it has nulls.')
  return json
}

function inside(at: Place, step: string): Place {
  return { path: [...at.path, step], code: at.code }
}

function isObject(json: JsonValue | undefined): json is { readonly [name: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function unsupported(name: string, at: Place): DeltaError {
  const column = columnName(at.path)
  return new DeltaError(
    'UnsupportedType',
    `Column ${column} has the type ${name.slice(0, 100)}, which the Delta protocol does not have. Read or write the table with the engine that made it.`,
    { details: { column, type: name.slice(0, 100) } },
  )
}
