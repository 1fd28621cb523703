import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import type { DataType, StructType } from '../../../schema/data-type.js'
import { deltaType } from '../delta-type.js'
import { quotePath } from '../quote-path.js'
import { type Candidate, fittingTypes } from './fitting-types.js'
import { columnsOf, LOAD_CONTEXT } from './load-source.js'
import { ndjsonKeys, ndjsonSource } from './ndjson-source.js'
import { TIME_CANDIDATES } from './text-candidates.js'

/**
 * The columns of NDJSON files by the keys of their objects, and types that all of their values fit. Only ISO 8601 dates are taken for dates.
 *
 * @throws InvalidInput where a line holds no JSON object, or there are no keys
 */
export async function inferNdjson(
  connection: DuckDBConnection,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<StructType> {
  const keys = await ndjsonKeys(connection, files, signal)
  checkKeys(keys, files)
  const list = `[${files.map(quotePath).join(', ')}]`
  const reader = `read_json(${list}, format = 'newline_delimited', union_by_name = true, sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0)`
  const columns = await columnsOf(connection, reader, LOAD_CONTEXT)
  const fields = columns.map(({ name, type }) => {
    return { name, dataType: deltaType(type), nullable: true, metadata: {} }
  })
  const schema: StructType = { type: 'struct', fields }
  const candidates = new Map(fields.map(({ name, dataType }) => [name, candidatesFor(dataType)]))
  const sources = await ndjsonSource(connection, files, schema, { signal })
  const found = await fittingTypes(connection, sources, candidates, signal)
  return {
    type: 'struct',
    fields: fields.map((field) => ({ ...field, dataType: found.get(field.name) ?? asText(field.dataType) })),
  }
}

function checkKeys(keys: readonly string[], files: readonly string[]): void {
  const where = files.join(', ')
  const twice = keys.find((key, i) => keys.findIndex((each) => each.toLowerCase() === key.toLowerCase()) < i)
  const problem =
    keys.length === 0
      ? 'there is no JSON object with a key, so there is no schema. Give the schema, or a file that is not empty'
      : keys.includes('')
        ? 'a key is empty, and a column must have a name. Name it'
        : twice !== undefined && `the key ${twice} is there twice, but for case. Leave one of them out`
  if (problem) throw new DeltaError('InvalidInput', `${where}: ${problem}.`, { details: { path: files[0] ?? '' } })
}

function asText(type: DataType): DataType {
  const isNested = type.type === 'struct' || type.type === 'array' || type.type === 'map'
  return isNested ? withTimes(type, { date: 'string', timestamp_ntz: 'string' }) : { type: 'string' }
}

/** DuckDB takes more for dates than the load does, and forgets which timestamps have a zone. */
function candidatesFor(type: DataType): readonly Candidate[] {
  if (type.type === 'string' || type.type === 'date' || type.type === 'timestamp_ntz') return TIME_CANDIDATES
  const zoned = withTimes(type, { timestamp_ntz: 'timestamp' })
  return zoned === type ? [{ type }] : [{ type }, { type: zoned }]
}

type Times = { readonly [Name in 'date' | 'timestamp_ntz']?: 'string' | 'timestamp' }

/** The type with other types for times, at any depth; the same object where there are none. */
function withTimes(type: DataType, times: Times): DataType {
  switch (type.type) {
    case 'date':
    case 'timestamp_ntz': {
      const other = times[type.type]
      return other === undefined ? type : { type: other }
    }
    case 'array': {
      const elementType = withTimes(type.elementType, times)
      return elementType === type.elementType ? type : { ...type, elementType }
    }
    case 'map': {
      const valueType = withTimes(type.valueType, times)
      return valueType === type.valueType ? type : { ...type, valueType }
    }
    case 'struct': {
      const fields = type.fields.map((field) => ({ ...field, dataType: withTimes(field.dataType, times) }))
      const isSame = fields.every(({ dataType }, i) => dataType === type.fields[i]?.dataType)
      return isSame ? type : { ...type, fields }
    }
    default:
      return type
  }
}
