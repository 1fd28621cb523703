import { predicateToSql } from '../../expressions/to-sql.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { changeRows } from '../operation/row-change/change-rows.js'
import { clauseRows, fileMetrics, type RowChangeFacts } from '../operation/row-change/row-change-facts.js'
import type { ChangedRows } from '../operation/row-change/row-change-kind.js'
import type { RowChangeOptions } from '../operation/row-change/row-change-options.js'
import { resolveWhere, type Where } from '../operation/where.js'
import { wholeFiles } from './whole-files.js'

export interface DeleteOptions extends RowChangeOptions {}

/**
 * Deletes the rows for which a condition is true; without a condition all rows. Where no row matches, nothing is committed.
 *
 * @throws InvalidPredicate, UnknownColumn, AppendOnlyTable, and as `changeRows`
 */
export async function deleteRows(
  snapshot: Snapshot,
  where: Where | undefined,
  options: DeleteOptions,
): Promise<ChangedRows> {
  await using handle = new EngineHandle(options, { table: snapshot.location, readsTableAlone: true })
  return await changeRows(
    snapshot,
    {
      operation: 'DELETE',
      async prepare(base) {
        const { schema } = base
        const predicate = await resolveWhere(where, schema, handle)
        const condition = predicate === undefined ? undefined : predicateToSql(predicate, schema)
        return {
          text: {
            target: 'target',
            schema,
            clauses: [{ rows: 'matched', action: 'delete', ...(condition !== undefined && { condition }) }],
          },
          ...(predicate && { predicate }),
          rowsApart: true,
          ...wholeFiles(base, predicate),
          operationParameters: { predicate: JSON.stringify(condition === undefined ? [] : [condition]) },
        }
      },
      metrics,
    },
    handle,
    options,
  )
}

function metrics(facts: RowChangeFacts): { readonly [name: string]: number } {
  const files = fileMetrics(facts)
  return {
    numDeletedRows: clauseRows(facts, () => true),
    numCopiedRows: files.copiedRows,
    numRemovedFiles: files.removedFiles,
    numRemovedBytes: files.removedBytes,
    numAddedFiles: files.addedFiles,
    numAddedBytes: files.addedBytes,
    numDeletionVectorsAdded: files.vectorsAdded,
    numDeletionVectorsUpdated: files.vectorsUpdated,
    numDeletionVectorsRemoved: files.vectorsRemoved,
    numAddedChangeFiles: facts.changeFiles,
    scanTimeMs: facts.scanTime,
    rewriteTimeMs: facts.rewriteTime,
    executionTimeMs: facts.scanTime + facts.rewriteTime,
  }
}
