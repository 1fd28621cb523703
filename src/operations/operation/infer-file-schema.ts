import { DeltaError } from '../../errors/delta-error.js'
import type { DataType, StructType } from '../../schema/data-type.js'
import { EngineHandle } from './engine-handle.js'
import type { FileSource } from './file-source.js'
import type { OperationOptions } from './operation-options.js'
import { sourceFiles } from './source-files.js'

export interface InferSchemaOptions extends OperationOptions {
  /**
   * What becomes of timestamps without a zone: `utc` (default) takes them as UTC and gives columns of type `timestamp`, which every reader knows; `ntz` keeps them
   * as `timestamp_ntz`, for which the table needs a feature; `error` refuses them.
   */
  readonly naiveTimestamps?: 'utc' | 'ntz' | 'error' | undefined
}

export interface InferredSchema {
  readonly schema: StructType
  /** Columns whose timestamps had no zone and were taken as UTC. */
  readonly assumedUtc: readonly string[]
}

/**
 * The schema that files have, for a table to be made of them. All must be of one format.
 *
 * @throws ObjectNotFound, InvalidInput; SchemaMismatch for naive timestamps that are to be refused
 */
export async function inferFileSchema(source: FileSource, options: InferSchemaOptions): Promise<InferredSchema> {
  const { signal, observer, naiveTimestamps = 'utc' } = options
  const [group, ...others] = await sourceFiles(source)
  if (group === undefined) throw new DeltaError('InvalidInput', 'No file was given.')
  if (others.length > 0) {
    throw new DeltaError(
      'InvalidInput',
      'Files of different formats have no schema in common: give the schema, or files of one format.',
    )
  }
  await using handle = new EngineHandle(options)
  const engine = await handle.open()
  const found = await engine.inferSchema(group[1], group[0], {
    ...(signal && { signal }),
    ...(observer && { observer }),
  })
  if (naiveTimestamps === 'ntz') return { schema: found, assumedUtc: [] }
  const assumedUtc = found.fields.filter(({ dataType }) => hasNaive(dataType)).map(({ name }) => name)
  if (assumedUtc.length > 0 && naiveTimestamps === 'error') {
    throw new DeltaError(
      'SchemaMismatch',
      `The timestamps of ${assumedUtc.join(', ')} have no zone. Take them as UTC (utc), or keep them so (ntz).`,
      { details: { columns: assumedUtc } },
    )
  }
  return { schema: zoned(found) as StructType, assumedUtc }
}

function hasNaive(type: DataType): boolean {
  switch (type.type) {
    case 'timestamp_ntz':
      return true
    case 'array':
      return hasNaive(type.elementType)
    case 'map':
      return hasNaive(type.keyType) || hasNaive(type.valueType)
    case 'struct':
      return type.fields.some(({ dataType }) => hasNaive(dataType))
    default:
      return false
  }
}

function zoned(type: DataType): DataType {
  switch (type.type) {
    case 'timestamp_ntz':
      return { type: 'timestamp' }
    case 'array':
      return { ...type, elementType: zoned(type.elementType) }
    case 'map':
      return { ...type, keyType: zoned(type.keyType), valueType: zoned(type.valueType) }
    case 'struct':
      return { ...type, fields: type.fields.map((field) => ({ ...field, dataType: zoned(field.dataType) })) }
    default:
      return type
  }
}
