import {
  type DuckDBListType,
  type DuckDBMapType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import { schemaMismatch } from '../../../arrow/schema-mismatch.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { ArrayType, DataType, MapType, StructType } from '../../../schema/data-type.js'
import { typeText } from '../../../schema/type-text.js'
import { typeSql } from '../type-sql.js'
import { type Check, type Conversion, plain } from './conversion.js'
import { convertText } from './convert-text.js'
import { convertTyped } from './convert-typed.js'
import { matchFields } from './match-fields.js'

/** What stays the same on the way down through a nested type. */
interface Way {
  /** The leaves are texts that are to be read, as in CSV and JSON; else they have types that must fit. */
  readonly textual: boolean
  readonly path: readonly string[]
  /** How many lambdas enclose the expression: names their parameters. */
  readonly depth: number
}

/**
 * SQL that turns a value of a source type into a value of a type of the table, and what to check so that nothing is lost.
 * @throws SchemaMismatch where the types cannot be brought together, whatever the values are
 */
export function convert(
  x: string,
  from: DuckDBType,
  to: DataType,
  nullable: boolean,
  way: { readonly textual: boolean; readonly path: readonly string[] },
): Conversion {
  return withNullCheck(x, 'TRUE', to, nullable, { ...way, depth: 0 }, convertValue(x, from, to, { ...way, depth: 0 }))
}

function convertValue(x: string, from: DuckDBType, to: DataType, way: Way): Conversion {
  if (to.type === 'void') return plain(x)
  if (from.typeId === DuckDBTypeId.SQLNULL) return plain(`CAST(${x} AS ${typeSql(to)})`)
  switch (to.type) {
    case 'struct':
      return from.typeId === DuckDBTypeId.STRUCT
        ? convertStruct(x, from as DuckDBStructType, to, way)
        : mismatch(from, to, way)
    case 'array':
      return from.typeId === DuckDBTypeId.LIST || from.typeId === DuckDBTypeId.ARRAY
        ? convertList(x, (from as DuckDBListType).valueType, to, way)
        : mismatch(from, to, way)
    case 'map':
      if (way.textual && from.alias === 'JSON') return convertJsonMap(x, from, to, way)
      return from.typeId === DuckDBTypeId.MAP ? convertMap(x, from as DuckDBMapType, to, way) : mismatch(from, to, way)
    default:
      return way.textual
        ? convertText(x, from, to, way.path)
        : (convertTyped(x, from, to, way.path) ?? mismatch(from, to, way))
  }
}

function convertStruct(x: string, from: DuckDBStructType, to: StructType, way: Way): Conversion {
  const sources = new Map(from.entryNames.map((name, i) => [name, from.entryTypes[i] as DuckDBType]))
  const checks: Check[] = []
  const fields = matchFields(to, [...sources.keys()], way.path).map(({ field, source }) => {
    const name = quoteIdentifier(field.name)
    if (source === undefined) return `${name} := CAST(NULL AS ${typeSql(field.dataType)})`
    const inner = { ...way, path: [...way.path, field.name] }
    const value = `struct_extract(${x}, ${quoteText(source)})`
    const converted = convertValue(value, sources.get(source) as DuckDBType, field.dataType, inner)
    checks.push(...withNullCheck(value, `${x} IS NOT NULL`, field.dataType, field.nullable, inner, converted).checks)
    return `${name} := ${converted.value}`
  })
  if (checks.length === 0 && from.toString() === typeSql(to)) return plain(x)
  return { value: `CASE WHEN ${x} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`, checks }
}

function convertList(x: string, from: DuckDBType, to: ArrayType, way: Way): Conversion {
  const e = `e${way.depth}`
  const inner = { ...way, path: [...way.path, 'element'], depth: way.depth + 1 }
  const converted = convertValue(e, from, to.elementType, inner)
  const { checks } = withNullCheck(e, 'TRUE', to.elementType, to.containsNull, inner, converted)
  return {
    value: converted.value === e ? x : `list_transform(${x}, lambda ${e}: ${converted.value})`,
    checks: checks.map((check) => inList(x, e, check)),
  }
}

function convertMap(x: string, from: DuckDBMapType, to: MapType, way: Way): Conversion {
  const e = `e${way.depth}`
  const entries = `map_entries(${x})`
  const below = (step: string): Way => ({ ...way, path: [...way.path, step], depth: way.depth + 1 })
  const key = convertValue(`${e}.key`, from.keyType, to.keyType, below('key'))
  const value = convertValue(`${e}.value`, from.valueType, to.valueType, below('value'))
  const checked = withNullCheck(`${e}.value`, 'TRUE', to.valueType, to.valueContainsNull, below('value'), value)
  const isSame = key.value === `${e}.key` && value.value === `${e}.value`
  const entry = `struct_pack(key := ${key.value}, value := ${value.value})`
  return {
    value: isSame ? x : `map_from_entries(list_transform(${entries}, lambda ${e}: ${entry}))`,
    checks: [...key.checks, ...checked.checks].map((check) => inList(entries, e, check)),
  }
}

/** A JSON object, or a list of pairs, which keys that are no text are printed as. */
function convertJsonMap(x: string, from: DuckDBType, to: MapType, way: Way): Conversion {
  const e = `e${way.depth}`
  const pairs = `TRY_CAST(${x} AS JSON[])`
  const entries = `CASE json_type(${x})
    WHEN 'OBJECT' THEN list_transform(map_entries(CAST(${x} AS MAP(VARCHAR, JSON))), lambda ${e}: struct_pack(key := to_json(${e}.key), value := ${e}.value))
    WHEN 'ARRAY' THEN list_transform(${pairs}, lambda ${e}: struct_pack(key := ${e} -> '$[0]', value := nullif(${e} -> '$[1]', 'null'))) END`
  const isMap = `(json_type(${x}) = 'OBJECT' OR (json_type(${x}) = 'ARRAY' AND len(list_filter(${pairs}, lambda ${e}: json_array_length(${e}) IS DISTINCT FROM 2)) = 0))`
  const below = (step: string): Way => ({ ...way, path: [...way.path, step], depth: way.depth + 1 })
  const key = convertValue(`${e}.key`, from, to.keyType, below('key'))
  const checkedKey = withNullCheck(`${e}.key`, 'TRUE', to.keyType, false, below('key'), key)
  const value = convertValue(`${e}.value`, from, to.valueType, below('value'))
  const checkedValue = withNullCheck(`${e}.value`, 'TRUE', to.valueType, to.valueContainsNull, below('value'), value)
  const entry = `struct_pack(key := ${key.value}, value := ${value.value})`
  const condition = `(${x} IS NOT NULL AND json_type(${x}) <> 'NULL' AND NOT ${isMap})`
  const shape: Check = { condition, path: way.path, problem: 'unreadable', expected: to, subject: x }
  return {
    value: `map_from_entries(list_transform(${entries}, lambda ${e}: ${entry}))`,
    checks: [shape, ...[...checkedKey.checks, ...checkedValue.checks].map((check) => inList(entries, e, check))],
  }
}

/** A check of one element as a check of the list: it names the first element that is bad. */
function inList(list: string, element: string, check: Check): Check {
  const bad = `list_filter(${list}, lambda ${element}: ${check.condition})`
  return {
    ...check,
    condition: `coalesce(len(${bad}) > 0, FALSE)`,
    subject: `list_transform(${bad}, lambda ${element}: ${check.subject})[1]`,
  }
}

function withNullCheck(
  x: string,
  present: string,
  to: DataType,
  nullable: boolean,
  way: Way,
  converted: Conversion,
): Conversion {
  if (nullable) return converted
  // An empty text is null as well.
  const condition = `(${present} AND ${way.textual && converted.checks.length > 0 ? converted.value : x} IS NULL)`
  const isNull: Check = { condition, path: way.path, problem: 'null', expected: to, subject: x }
  return { ...converted, checks: [...converted.checks, isNull] }
}

function mismatch(from: DuckDBType, to: DataType, { path }: Way): never {
  throw schemaMismatch({ path, expected: typeText(to), got: String(from) })
}
