import type { Metadata } from '../protocol/actions/action.js'
import { type ColumnMappingMode, columnMappingMode, storedName } from '../schema/column-mapping.js'
import type { DataType, StructType } from '../schema/data-type.js'
import { canWiden } from '../schema/evolve/can-widen.js'
import { columnName } from '../schema/schema-error.js'
import { parseSchemaJson } from '../schema/schema-json.js'
import { typeText } from '../schema/type-text.js'

/** The columns of a version and where their values stand. */
export interface VersionSchema {
  readonly schema: StructType
  readonly mode: ColumnMappingMode
}

/** @throws CorruptLog where the schema does not parse */
export function versionSchema(metadata: Metadata): VersionSchema {
  return {
    schema: parseSchemaJson(metadata.schemaString, 'CorruptLog'),
    mode: columnMappingMode(metadata.configuration),
  }
}

/**
 * Why rows of an older version cannot be given in the columns of a newer one, as Spark's reader of changes decides, but for wider types: columns may have been added that may be null, and
 * nulls allowed, and types widened, for what older files hold is read as the wider type; nothing may have been renamed, dropped or changed its type otherwise. Undefined where they can.
 */
export function schemaObstacle(older: VersionSchema, newer: VersionSchema): string | undefined {
  return structObstacle(older.schema, newer.schema, [], older.mode, newer.mode)
}

function structObstacle(
  older: StructType,
  newer: StructType,
  path: readonly string[],
  olderMode: ColumnMappingMode,
  newerMode: ColumnMappingMode,
): string | undefined {
  for (const field of older.fields) {
    const here = [...path, field.name]
    const name = columnName(here)
    const other = newer.fields.find((each) => each.name === field.name)
    if (other === undefined) return `column ${name} was renamed or dropped`
    if (storedName(field, olderMode) !== storedName(other, newerMode))
      return `column ${name} was replaced by another one`
    if (field.nullable && !other.nullable) return `column ${name} could be null before`
    const below = typeObstacle(field.dataType, other.dataType, here, olderMode, newerMode)
    if (below !== undefined) return below
  }
  const added = newer.fields.find((field) => !field.nullable && !older.fields.some(({ name }) => name === field.name))
  return added && `column ${columnName([...path, added.name])} was added and cannot be null`
}

function typeObstacle(
  older: DataType,
  newer: DataType,
  path: readonly string[],
  olderMode: ColumnMappingMode,
  newerMode: ColumnMappingMode,
): string | undefined {
  const below = (a: DataType, b: DataType, step: string): string | undefined =>
    typeObstacle(a, b, [...path, step], olderMode, newerMode)
  if (older.type === 'struct' && newer.type === 'struct') {
    return structObstacle(older, newer, path, olderMode, newerMode)
  }
  if (older.type === 'array' && newer.type === 'array') {
    if (older.containsNull && !newer.containsNull) return `elements of column ${columnName(path)} could be null before`
    return below(older.elementType, newer.elementType, 'element')
  }
  if (older.type === 'map' && newer.type === 'map') {
    if (older.valueContainsNull && !newer.valueContainsNull) {
      return `values of column ${columnName(path)} could be null before`
    }
    return below(older.keyType, newer.keyType, 'key') ?? below(older.valueType, newer.valueType, 'value')
  }
  if (older.type === 'void' || typeText(older) === typeText(newer) || canWiden(older, newer)) return undefined
  return `column ${columnName(path)} was ${typeText(older)} before and is ${typeText(newer)} now`
}
