import type { RecordBatch } from 'apache-arrow'
import type { QueryEngine } from '../../../engine/query-engine.js'
import type { SourceRows } from '../../../engine/row-change.js'
import { DeltaError } from '../../../errors/delta-error.js'
import type { SqlExpression } from '../../../expressions/sql-expression.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import type { StructType } from '../../../schema/data-type.js'
import { evolveSchema } from '../../../schema/evolve/evolve-schema.js'
import { inferNewFields } from '../../../schema/evolve/infer-new-fields.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { type FileSource, isFileSource } from '../file-source.js'
import type { OperationOptions } from '../operation-options.js'
import { inputGroups, type RowsInput } from '../rows-input.js'
import { readSchema, type SchemaInput } from '../schema-input.js'
import { sourceFiles } from '../source-files.js'

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

/** The schema of rows or Arrow data, by the first that come, and all of them as batches of it. */
async function rowBatches(
  input: Exclude<RowsInput, FileSource>,
  target: StructType,
  options: MergeSourceOptions,
): Promise<{ readonly schema: StructType; readonly batches: AsyncIterable<RecordBatch> }> {
  const groups = inputGroups(input)
  const first = await groups.next()
  const schema =
    options.sourceSchema === undefined
      ? await schemaOf(first.done ? [] : first.value, target)
      : readSchema(options.sourceSchema)
  const [{ conformBatch }, { encodeRows }] = await Promise.all([
    import('../../../arrow/conform-batch.js'),
    import('../../../arrow/encode/encode-rows.js'),
  ])
  const batches = async function* (): AsyncGenerator<RecordBatch, void, undefined> {
    let rows = 0
    for (let step = first; !step.done; step = await groups.next()) {
      throwIfAborted(options.signal, 'Reading the source')
      const group = step.value
      const batch = Array.isArray(group) ? encodeRows(group, schema, rows) : conformBatch(group, schema)
      yield batch
      rows += batch.numRows
    }
  }
  return { schema, batches: batches() }
}

async function schemaOf(group: RecordBatch | object[], target: StructType): Promise<StructType> {
  if (!Array.isArray(group)) {
    const { deltaSchema } = await import('../../../arrow/delta-schema.js')
    return deltaSchema(group.schema, { naiveTimestamps: 'ntz' })
  }
  // A source without rows has the columns of the table.
  if (group.length === 0) return target
  const names = new Set(group.flatMap((row) => Object.keys(row).map((name) => name.toLowerCase())))
  const known = target.fields.filter(({ name }) => names.has(name.toLowerCase()))
  const fields = known.map((field) => ({ ...field, nullable: true, metadata: {} }))
  return evolveSchema({ type: 'struct', fields }, inferNewFields(group, target)).schema
}
