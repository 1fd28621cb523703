import type { QueryEngine } from '../../engine/query-engine.js'
import type { RowChangeText, SourceRows } from '../../engine/row-change.js'
import { DeltaError } from '../../errors/delta-error.js'
import { bindPredicate } from '../../expressions/bind.js'
import type { Predicate } from '../../expressions/predicate.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { StructType } from '../../schema/data-type.js'
import { fieldNamed } from '../../schema/field-named.js'
import { typeText } from '../../schema/type-text.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { evolveTable } from '../operation/evolve-table.js'
import { mergeClauses } from '../operation/merge/merge-clauses.js'
import { openSource } from '../operation/merge/merge-source.js'
import { changeRows } from '../operation/row-change/change-rows.js'
import { clauseRows, fileMetrics, type RowChangeFacts } from '../operation/row-change/row-change-facts.js'
import type { PreparedChange } from '../operation/row-change/row-change-kind.js'
import type { RowsInput } from '../operation/rows-input.js'
import { contractOf } from '../operation/schema-contract.js'
import { countRows } from '../operation/write-input.js'
import type { Written } from '../operation/write-result.js'
import type { OverwriteOptions } from './overwrite-options.js'

const TARGET = 'target'
const SOURCE = 'source'

/**
 * Replaces the rows for which a condition on any columns is true: what a merge would do in which nothing matches. Rows go by deletion vectors, or with their files, whichever costs less, and the
 * change is told to readers of the change data feed. Where another writer changed rows that match, it is worked out anew.
 *
 * @throws ConstraintViolated for new rows that do not fulfil the condition; SchemaMismatch, InvalidInput; UnsupportedFeature for contracts that discard; and as `changeRows`
 */
export async function replaceMatchingRows(
  snapshot: Snapshot,
  predicate: Predicate,
  input: RowsInput,
  operationParameters: { readonly [name: string]: string },
  options: OverwriteOptions,
): Promise<Written> {
  const evolves = mayEvolve(snapshot, options)
  await using handle = new EngineHandle(options)
  let source: SourceRows | undefined
  const prepare = async (base: Snapshot, engine: QueryEngine): Promise<PreparedChange> => {
    const given = source ?? (await openSource(engine, input, base.schema, { ...options, sourceSchema: options.schema }))
    source = given
    if (!evolves) checkColumns(given.schema, base.schema)
    const { schema, metadata } = evolves ? evolveTable(base, given.schema) : base
    await checkInside(engine, given, predicate, schema, options)
    const text: RowChangeText = {
      target: TARGET,
      schema,
      source: { name: SOURCE, schema: given.schema },
      on: 'FALSE',
      clauses: [
        { rows: 'notMatchedBySource', action: 'delete', condition: predicateToSql(predicate, schema) },
        ...mergeClauses([{ rows: 'notMatched', action: 'insert', values: { all: true } }], {
          target: TARGET,
          source: SOURCE,
          targetSchema: schema,
          sourceSchema: given.schema,
        }),
      ],
    }
    return {
      text,
      source: given,
      predicate,
      ...(metadata !== base.metadata && { metadata }),
      rowsApart: true,
      operationParameters,
    }
  }
  try {
    // Awaited here: the source is gone when the engine is closed.
    return await changeRows(snapshot, { operation: 'WRITE', prepare, metrics }, handle, options)
  } finally {
    await source?.release()
  }
}

function mayEvolve({ metadata }: Snapshot, options: OverwriteOptions): boolean {
  const contract = contractOf(metadata, options)
  if (contract === 'evolve' || contract === 'freeze') return contract === 'evolve'
  throw new DeltaError(
    'UnsupportedFeature',
    `The contract ${contract} cannot be kept where replaceWhere is on other than partition columns. Give contract: 'freeze', and leave out what does not fit before.`,
  )
}

function checkColumns(source: StructType, table: StructType): void {
  for (const { name, dataType } of source.fields) {
    if (fieldNamed(table, name) !== undefined) continue
    const expected = table.fields.map((field) => field.name).join(', ')
    throw new DeltaError(
      'SchemaMismatch',
      `Column ${name}: expected one of ${expected}, got a column of type ${typeText(dataType)}. Change the data, or add the column with mergeSchema.`,
      { details: { column: name, expected, got: typeText(dataType) } },
    )
  }
}

/** New rows have to be such as are replaced: else to load them once more would double them. */
async function checkInside(
  engine: QueryEngine,
  source: SourceRows,
  predicate: Predicate,
  schema: StructType,
  { signal, observer }: OverwriteOptions,
): Promise<void> {
  const sql = predicateToSql(predicate, schema)
  // What rows lack is null.
  const missing = bindPredicate(predicate, schema)
    .columns.map(({ path }) => path[0] as string)
    .filter((name) => fieldNamed(source.schema, name) === undefined)
  const nulls = [...new Set(missing)].map((name) => `, NULL AS ${quoteIdentifier(name)}`).join('')
  const outside = await engine.deriveRows(
    `SELECT 1 AS outside FROM (SELECT *${nulls} FROM ${SOURCE}) WHERE (${sql}\n) IS NOT TRUE`,
    { sources: { [SOURCE]: source } },
    { ...(signal && { signal }), ...(observer && { observer }) },
  )
  await outside.release()
  if (outside.numRows === 0) return
  throw new DeltaError(
    'ConstraintViolated',
    `${outside.numRows} of the new rows do not fulfil the condition ${sql} that says what to replace. Nothing was written. Filter the rows or widen the condition.`,
    { details: { rows: outside.numRows } },
  )
}

function metrics(facts: RowChangeFacts): { readonly [name: string]: number } {
  const files = fileMetrics(facts)
  return {
    numFiles: files.addedFiles,
    numOutputRows: countRows(facts.written),
    numOutputBytes: files.addedBytes,
    numRemovedFiles: files.removedFiles,
    numRemovedBytes: files.removedBytes,
    numDeletedRows: clauseRows(facts, ({ action }) => action === 'delete'),
    numCopiedRows: files.copiedRows,
    numDeletionVectorsAdded: files.vectorsAdded,
    numDeletionVectorsUpdated: files.vectorsUpdated,
    numDeletionVectorsRemoved: files.vectorsRemoved,
    numAddedChangeFiles: facts.changeFiles,
  }
}
