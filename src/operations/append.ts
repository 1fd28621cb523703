import type { AddFile } from '../protocol/actions/action.js'
import { checkWritable } from '../protocol/features/check-protocol.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import type { TransactionId } from '../transaction/transaction.js'
import type { PreparedWrite } from './operation/commit-write.js'
import { committedBefore } from './operation/committed-before.js'
import { discardFiles } from './operation/discard-files.js'
import type { FileSizing } from './operation/new-files-target.js'
import type { OperationOptions } from './operation/operation-options.js'
import { rebaseEvolved } from './operation/rebase-evolved.js'
import { isRepeatable, type RowsInput } from './operation/rows-input.js'
import type { SchemaContractOptions } from './operation/schema-contract.js'
import { writeContracted } from './operation/write-contracted.js'
import { countRows, totalSize } from './operation/write-input.js'
import type { Written } from './operation/write-result.js'

export interface AppendOptions extends OperationOptions, FileSizing, SchemaContractOptions {
  /** Makes the load idempotent: where this version (or a later one) of the application id is committed, nothing is written. */
  readonly txn?: TransactionId | undefined
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}

/** What an append answers that had nothing to do. */
export function nothingAppended(snapshot: Snapshot): Written {
  return { result: { version: snapshot.version, operation: 'WRITE', metrics: {}, skipped: true }, snapshot }
}

/**
 * The first half of an append: writes the data files, and says what is to be committed. It reads nothing of the table but what the snapshot has, and its commit lands on the
 * next free version whoever else appends. Undefined where there is nothing to do: no rows, none that were left out, and no `txn`, or a load that was committed before.
 *
 * @throws SchemaMismatch, InvalidInput (with the line of a bad CSV row), ConstraintViolated
 */
export async function prepareAppend(
  snapshot: Snapshot,
  rows: RowsInput,
  options: AppendOptions,
): Promise<PreparedWrite | undefined> {
  const { protocol, metadata } = snapshot
  checkWritable(protocol, metadata)
  const { txn, userMetadata } = options
  if (await committedBefore(snapshot, txn, options.signal)) return undefined
  const written = await writeContracted(snapshot, rows, options)
  const { files, changes, metrics } = written
  const isEmpty = files.length === 0 && changes.length === 0 && txn === undefined
  // A commit without a file tells of rows that the contract left out.
  if (isEmpty && Object.values(metrics).every((count) => count === 0)) return undefined
  const write: PreparedWrite = {
    operation: 'WRITE',
    operationParameters: { mode: 'Append', partitionBy: JSON.stringify(metadata.partitionColumns) },
    metrics: { numFiles: files.length, numOutputRows: countRows(files), numOutputBytes: totalSize(files), ...metrics },
    actions: written.metadata === metadata ? files : [written.metadata, ...files],
    read: {},
    ...(txn && { txn }),
    ...(userMetadata !== undefined && { userMetadata }),
  }
  if (written.isNumbered) return { ...write, rebase: (newer) => appendAnew(newer, rows, options, files) }
  return changes.length === 0 ? write : { ...write, rebase: (newer) => rebaseEvolved(write, written, newer) }
}

/** Other rows got the numbers of identity columns that these have: they are written again, with others, if they can be read again. */
async function appendAnew(
  newer: Snapshot,
  rows: RowsInput,
  options: AppendOptions,
  files: readonly AddFile[],
): Promise<PreparedWrite | undefined> {
  if (!isRepeatable(rows)) return undefined
  await discardFiles(newer.location, files)
  return prepareAppend(newer, rows, options)
}
