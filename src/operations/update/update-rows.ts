import { predicateToSql } from '../../expressions/to-sql.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { changeRows } from '../operation/row-change/change-rows.js'
import { clauseRows, fileMetrics, type RowChangeFacts } from '../operation/row-change/row-change-facts.js'
import type { ChangedRows } from '../operation/row-change/row-change-kind.js'
import type { RowChangeOptions } from '../operation/row-change/row-change-options.js'
import { type SetValues, setValues } from '../operation/row-change/set-values.js'
import { resolveWhere, type Where } from '../operation/where.js'

export interface UpdateOptions extends RowChangeOptions {
  readonly set: SetValues
  /** Only rows for which it is true. Default: all rows. */
  readonly where?: Where | undefined
}

const TARGET = 'target'

/**
 * Sets columns of the rows for which a condition is true. Setting a partition column moves rows to another partition. Where no row matches, nothing is committed.
 *
 * @throws InvalidPredicate, UnknownColumn, SchemaMismatch, ConstraintViolated, AppendOnlyTable, and as `changeRows`
 */
export async function updateRows(snapshot: Snapshot, options: UpdateOptions): Promise<ChangedRows> {
  const { set, where } = options
  await using handle = new EngineHandle(options, { table: snapshot.location, readsTableAlone: true })
  return await changeRows(
    snapshot,
    {
      operation: 'UPDATE',
      async prepare({ schema }) {
        const predicate = await resolveWhere(where, schema, handle)
        const condition = predicate === undefined ? undefined : predicateToSql(predicate, schema)
        const values = setValues(set, schema, TARGET)
        return {
          text: {
            target: TARGET,
            schema,
            clauses: [{ rows: 'matched', action: 'update', values, ...(condition !== undefined && { condition }) }],
          },
          ...(predicate && { predicate }),
          rowsApart: true,
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
    numUpdatedRows: clauseRows(facts, () => true),
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
