import type { RecordBatch } from 'apache-arrow'
import type { QueryEngine } from '../../../engine/query-engine.js'
import type { SourceRows } from '../../../engine/row-change.js'
import { DeltaError } from '../../../errors/delta-error.js'
import type { SqlExpression } from '../../../expressions/sql-expression.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import type { StructType } from '../../../schema/data-type.js'
import { dropUnknownNulls } from '../../../schema/evolve/drop-unknown-nulls.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { type FileSource, isFileSource } from '../file-source.js'
import type { OperationOptions } from '../operation-options.js'
import { checkRowsInput, inputGroups, type RowsInput } from '../rows-input.js'
import { readSchema, type SchemaInput } from '../schema-input.js'
import { sourceFiles } from '../source-files.js'
import { sourceSchema } from './source-schema.js'

/** The rows of a table at a version, or the answer of a query over such, as a source. */
type TableSource =
  | { readonly source: 'table'; readonly snapshot: Snapshot }
  | { readonly source: 'query'; readonly query: SqlExpression; readonly tables: { readonly [name: string]: Snapshot } }

export type MergeSource = RowsInput | TableSource

export interface MergeSourceOptions extends OperationOptions {
  /** The columns of plain rows. Default: those of the table that the rows have, and for others the types of their values. */
  readonly sourceSchema?: SchemaInput | undefined
}

/** Brings the rows of a source to where a merge can read them. They must be released. @throws InvalidArgument, SchemaMismatch, InvalidInput, ObjectNotFound */
export async function openSource(
  engine: QueryEngine,
  source: MergeSource,
  target: StructType,
  options: MergeSourceOptions,
): Promise<SourceRows> {
  if (typeof source !== 'object' || source === null) {
    throw new DeltaError(
      'InvalidArgument',
      `The source must be rows, Arrow data, files(...), a table or sql(...), not ${source === null ? 'null' : `a ${typeof source}`}.`,
    )
  }
  const { signal, observer } = options
  const watched = { ...(signal && { signal }), ...(observer && { observer }) }
  if (isTableSource(source)) {
    return source.source === 'table'
      ? engine.spoolQuery('SELECT * FROM "source"', { source: source.snapshot }, watched)
      : engine.spoolQuery(source.query.sql, source.tables, watched)
  }
  if (isFileSource(source)) return openFiles(engine, source, watched)
  checkRowsInput(source)
  const rows = await rowBatches(source, target, options)
  return engine.spoolBatches(rows.schema, rows.batches, watched)
}

function isTableSource(source: MergeSource): source is TableSource {
  return 'source' in source && (source.source === 'table' || source.source === 'query')
}

async function openFiles(
  engine: QueryEngine,
  source: FileSource,
  watched: Parameters<QueryEngine['spoolFiles']>[2],
): Promise<SourceRows> {
  const [group, ...others] = await sourceFiles(source)
  if (group === undefined) throw new DeltaError('InvalidInput', 'No file was given.')
  if (others.length > 0) {
    throw new DeltaError('InvalidInput', 'The files of a source must be of one format. Merge them one after the other.')
  }
  return engine.spoolFiles(group[1], group[0], watched)
}

/** Rows or Arrow data as batches of a schema that grows with the rows: each batch has it as it was then. */
async function rowBatches(
  input: Exclude<RowsInput, FileSource>,
  target: StructType,
  { sourceSchema: given, signal }: MergeSourceOptions,
): Promise<{ readonly schema: () => StructType; readonly batches: AsyncIterable<RecordBatch> }> {
  const [{ conformBatch }, { encodeRows }, { deltaSchema }] = await Promise.all([
    import('../../../arrow/conform-batch.js'),
    import('../../../arrow/encode/encode-rows.js'),
    import('../../../arrow/delta-schema.js'),
  ])
  const fixed = given === undefined ? undefined : readSchema(given)
  let schema: StructType | undefined = fixed
  const encoded = (group: RecordBatch | object[], firstRow: number): RecordBatch => {
    if (!Array.isArray(group)) {
      schema ??= deltaSchema(group.schema, { naiveTimestamps: 'ntz' })
      return conformBatch(group, schema)
    }
    if (fixed !== undefined) return encodeRows(group, fixed, firstRow)
    schema = sourceSchema(group, target, schema ?? NO_COLUMNS)
    return encodeRows(dropUnknownNulls(group, schema), schema, firstRow)
  }
  const batches = async function* (): AsyncGenerator<RecordBatch, void, undefined> {
    let rows = 0
    for await (const group of inputGroups(input)) {
      throwIfAborted(signal, 'Reading the source')
      const batch = encoded(group, rows)
      yield batch
      rows += batch.numRows
    }
  }
  // A source without rows has the columns of the table.
  return { schema: () => schema ?? target, batches: batches() }
}

const NO_COLUMNS: StructType = { type: 'struct', fields: [] }
