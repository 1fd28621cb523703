import { DeltaError } from '../../errors/delta-error.js'
import type { Predicate } from '../../expressions/predicate.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { Action } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import { APPEND_ONLY } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { commitWrite } from '../operation/commit-write.js'
import { committedBefore } from '../operation/committed-before.js'
import { commitOrDiscard, discardFiles } from '../operation/discard-files.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { removeFile } from '../operation/live-files.js'
import type { RowsInput } from '../operation/rows-input.js'
import { resolveWhere } from '../operation/where.js'
import { type ContractedWrite, writeContracted } from '../operation/write-contracted.js'
import { countRows, totalSize } from '../operation/write-input.js'
import type { Written } from '../operation/write-result.js'
import type { OverwriteOptions } from './overwrite-options.js'
import { isAboutPartitions } from './replace-matching-partitions.js'
import { replaceMatchingRows } from './replace-matching-rows.js'
import { replacementFor } from './replacement-for.js'
import { schemaAfterOverwrite } from './schema-after-overwrite.js'

/**
 * Replaces the rows of the table, or some of its partitions, in one commit. Older versions keep theirs.
 *
 * @throws SchemaMismatch, InvalidInput; ConstraintViolated for a new row outside `replaceWhere`; AppendOnlyTable; ConcurrentAppend and its kin where another writer
 * changed what is replaced. Nothing is committed then.
 */
export async function overwrite(snapshot: Snapshot, rows: RowsInput, options: OverwriteOptions): Promise<Written> {
  const { location } = snapshot
  const { txn, userMetadata, signal } = options
  checkWritable(snapshot.protocol, snapshot.metadata)
  checkOptions(snapshot, options)
  if (await committedBefore(snapshot, txn, signal)) {
    return { result: { version: snapshot.version, operation: 'WRITE', metrics: {}, skipped: true }, snapshot }
  }
  const predicate = await predicateOf(snapshot, options)
  if (predicate !== undefined && !isAboutPartitions(snapshot, predicate)) {
    const written = parameters(snapshot.metadata.partitionColumns, predicateToSql(predicate, snapshot.schema), options)
    return replaceMatchingRows(snapshot, predicate, rows, written, options)
  }
  const replacement = replacementFor(snapshot, predicate, options)
  const { files: added, metadata, changed, metrics } = await writeOverwrite(snapshot, rows, options)
  const removed = await replacement.replacedBy(added).catch(async (error: unknown) => {
    await discardFiles(location, added)
    throw error
  })
  const now = location.runtime.clock.now()
  const actions: Action[] = [
    ...(changed ? [metadata] : []),
    ...removed.map((file) => removeFile(file, { now, dataChange: true })),
    ...added,
  ]
  return commitOrDiscard(location, added, () =>
    commitWrite(
      snapshot,
      {
        operation: 'WRITE',
        operationParameters: parameters(metadata.partitionColumns, replacement.predicate, options),
        metrics: {
          numFiles: added.length,
          numOutputRows: countRows(added),
          numOutputBytes: totalSize(added),
          numRemovedFiles: removed.length,
          numRemovedBytes: totalSize(removed),
          ...metrics,
        },
        actions,
        read: replacement.readSet(added, removed),
        ...(txn && { txn }),
        ...(userMetadata !== undefined && { userMetadata }),
      },
      options,
    ),
  )
}

async function predicateOf(snapshot: Snapshot, options: OverwriteOptions): Promise<Predicate | undefined> {
  await using engine = new EngineHandle(options)
  return await resolveWhere(options.replaceWhere, snapshot.schema, engine)
}

/** The new files, and the metadata of the table with them. */
async function writeOverwrite(
  snapshot: Snapshot,
  rows: RowsInput,
  options: OverwriteOptions,
): Promise<ContractedWrite & { readonly changed: boolean }> {
  if (!options.overwriteSchema) {
    const written = await writeContracted(snapshot, rows, options)
    return { ...written, changed: written.metadata !== snapshot.metadata }
  }
  const { protocol, location } = snapshot
  const { metadata, schema, changed } = await schemaAfterOverwrite(snapshot, rows, options)
  // The schema is the one that was asked for: there is nothing left that a contract could say.
  const plain = { ...options, schema: undefined, contract: 'freeze' } as const
  const written = await writeContracted({ protocol, metadata, schema, location }, rows, plain)
  return { ...written, changed: changed || written.metadata !== metadata }
}

function checkOptions({ metadata, location }: Snapshot, options: OverwriteOptions): void {
  const { replaceWhere, dynamicPartitions, overwriteSchema } = options
  if (tableProperty(metadata, APPEND_ONLY)) {
    throw new DeltaError(
      'AppendOnlyTable',
      `${location.url} is append-only (delta.appendOnly = true): rows may be added, never replaced.`,
      { details: { table: location.url } },
    )
  }
  if (replaceWhere !== undefined && dynamicPartitions) {
    throw new DeltaError('InvalidArgument', 'Give either replaceWhere or dynamicPartitions, not both.')
  }
  if (overwriteSchema && (replaceWhere !== undefined || dynamicPartitions)) {
    throw new DeltaError(
      'InvalidArgument',
      'overwriteSchema replaces the whole table: leave replaceWhere and dynamicPartitions out.',
    )
  }
  if (overwriteSchema && (options.mergeSchema || options.contract !== undefined)) {
    throw new DeltaError('InvalidArgument', 'overwriteSchema replaces the schema: leave mergeSchema and contract out.')
  }
  const evolves = options.mergeSchema || options.contract === 'evolve'
  if (!overwriteSchema && (options.partitionBy !== undefined || (options.schema !== undefined && !evolves))) {
    throw new DeltaError('InvalidArgument', 'A schema or partitionBy for an overwrite needs overwriteSchema.')
  }
  if (dynamicPartitions && metadata.partitionColumns.length === 0) {
    throw new DeltaError(
      'InvalidArgument',
      `${location.url} has no partitions to replace: leave dynamicPartitions out.`,
    )
  }
}

function parameters(
  partitionColumns: readonly string[],
  predicate: string | undefined,
  { dynamicPartitions, overwriteSchema }: OverwriteOptions,
): { readonly [name: string]: string } {
  return {
    mode: 'Overwrite',
    partitionBy: JSON.stringify(partitionColumns),
    ...(predicate !== undefined && { predicate }),
    ...(dynamicPartitions && { isDynamicPartitionOverwrite: 'true' }),
    ...(overwriteSchema && { canOverwriteSchema: 'true' }),
  }
}
