import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { DataType, StructType } from '../../../schema/data-type.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import { columnsOf, LOAD_CONTEXT, type LoadSource } from './load-source.js'
import { malformedJson } from './malformed-json.js'
import { matchFields } from './match-fields.js'

/** Bytes; longer lines are refused. Each thread holds buffers of this size. */
const MAX_LINE = 16 * 2 ** 20

/** What DuckDB says of the shape of JSON values: a type, a list of one shape, or shapes by key. */
type JsonStructure = string | readonly [JsonStructure] | { readonly [key: string]: JsonStructure }

/**
 * Files with a JSON object a line. Every value is read as text, so that numbers keep their digits; a pass over the files tells which keys
 * there are.
 */
export async function ndjsonSource(
  connection: DuckDBConnection,
  files: readonly string[],
  schema: StructType,
  options: { readonly allowsUnknown?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<LoadSource[]> {
  const structure = await ndjsonStructure(connection, files, options.signal)
  if (!options.allowsUnknown) matchFields(schema, Object.keys(structure), [])
  const columns = Object.entries(structure).map(([key, shape]) => {
    const field =
      schema.fields.find(({ name }) => name === key) ??
      schema.fields.find(({ name }) => name.toLowerCase() === key.toLowerCase())
    return `${quoteText(key)}: ${quoteText(field === undefined ? 'VARCHAR' : textType([shape], field.dataType))}`
  })
  if (columns.length === 0) return []
  const from = (some: readonly string[]): string =>
    `read_json([${some.map(quotePath).join(', ')}], format = 'newline_delimited', auto_detect = false, maximum_object_size = ${MAX_LINE}, columns = {${columns.join(', ')}})`
  return [{ files, from, columns: await columnsOf(connection, from(files), LOAD_CONTEXT), textual: true, firstLine: 1 }]
}

/** The keys of all objects of the files. InvalidInput where a line holds something else. */
export async function ndjsonKeys(
  connection: DuckDBConnection,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return Object.keys(await ndjsonStructure(connection, files, signal))
}

/** The keys of all objects of the files, and what their values look like. */
async function ndjsonStructure(
  connection: DuckDBConnection,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly [key: string]: JsonStructure }> {
  const from = `read_ndjson_objects([${files.map(quotePath).join(', ')}], maximum_object_size = ${MAX_LINE})`
  const sql = `SELECT CAST(json_group_structure(json) AS VARCHAR) AS structure FROM ${from}`
  const [row] = await runStatement(connection, sql, LOAD_CONTEXT, { signal }).catch(async (error: unknown) => {
    throw await malformedJson(error)
  })
  const structure = JSON.parse(String(row?.structure ?? '{}')) as JsonStructure
  if (isObject(structure)) return structure
  throw new DeltaError(
    'InvalidInput',
    `${files.join(', ')}: every line must hold one JSON object; some hold another value. Convert the file to NDJSON.`,
  )
}

/**
 * The type that a value is read as: the nesting of the column it is for, with texts at its leaves. A decimal stays JSON, which tells
 * a string, whose digits are all there, from a number, which may have lost some. Keys that the column does not have are read too, so
 * that they are noticed.
 * @param shapes of the values, one or more where they differ
 */
function textType(shapes: readonly JsonStructure[], to: DataType): string {
  switch (to.type) {
    case 'struct': {
      const keys = new Set(shapes.flatMap((shape) => (isObject(shape) ? Object.keys(shape) : [])))
      const known = to.fields.flatMap(({ name, dataType }) => {
        const spelled = [...keys].filter((key) => key.toLowerCase() === name.toLowerCase())
        for (const key of spelled) keys.delete(key)
        return (spelled.length > 0 ? spelled : [name]).map(
          (key) => `${quoteIdentifier(key)} ${textType(valuesOf(shapes, key), dataType)}`,
        )
      })
      return `STRUCT(${[...known, ...[...keys].map((key) => `${quoteIdentifier(key)} VARCHAR`)].join(', ')})`
    }
    case 'array':
      return `${textType(
        shapes.flatMap((shape) => (Array.isArray(shape) ? shape : [])),
        to.elementType,
      )}[]`
    case 'map':
      // Keys that are no text may stand in pairs; the values of an object without keys tell nothing.
      if (to.keyType.type !== 'string' && !isNested(to.valueType)) return 'JSON'
      return `MAP(VARCHAR, ${textType(
        shapes.flatMap((shape) => (isObject(shape) ? Object.values(shape) : [])),
        to.valueType,
      )})`
    case 'decimal':
      return 'JSON'
    default:
      return 'VARCHAR'
  }
}

function valuesOf(shapes: readonly JsonStructure[], key: string): JsonStructure[] {
  return shapes.flatMap((shape) => (isObject(shape) && shape[key] !== undefined ? [shape[key]] : []))
}

function isNested({ type }: DataType): boolean {
  return type === 'struct' || type === 'array' || type === 'map'
}

function isObject(shape: JsonStructure): shape is { readonly [key: string]: JsonStructure } {
  return typeof shape === 'object' && !Array.isArray(shape)
}
