import { isDeltaError } from '../../errors/delta-error.js'
import type { AddFile } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { PreparedCommit } from '../../transaction/transaction.js'
import { commitOptions } from './commit-limits.js'
import type { OperationOptions } from './operation-options.js'
import type { Written } from './write-result.js'

/** A commit whose metrics are still numbers. */
export interface PreparedWrite extends Omit<PreparedCommit, 'operationMetrics'> {
  readonly metrics: { readonly [name: string]: number }
  /**
   * What to commit in its place where another writer changed the schema first: on the version that stands now. Undefined where what was written does not fit it any more, which makes a conflict. Without it
   * every such change does.
   */
  readonly rebase?: ((newer: Snapshot) => PreparedWrite | undefined | Promise<PreparedWrite | undefined>) | undefined
}

/**
 * Commits what an operation prepared. Delta keeps metrics as strings.
 *
 * @throws the errors of kind `conflict`, CommitStateUnknown; InvalidArgument for limits that cannot be
 */
export async function commitWrite(base: Snapshot, write: PreparedWrite, options: OperationOptions): Promise<Written> {
  try {
    return await commitOnce(base, write, options)
  } catch (error) {
    if (write.rebase === undefined || !isDeltaError(error, 'MetadataChanged')) throw error
    const newer = await base.refresh(options.signal)
    const rebased = await write.rebase(newer)
    if (rebased === undefined) throw error
    return commitWrite(newer, rebased, options)
  }
}

async function commitOnce(base: Snapshot, write: PreparedWrite, options: OperationOptions): Promise<Written> {
  const { commit } = await import('../../transaction/commit.js')
  const { metrics, rebase: _, ...prepared } = write
  const operationMetrics = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, String(value)]))
  const { version, skipped, snapshot } = await commit(base, { ...prepared, operationMetrics }, commitOptions(options))
  if (skipped) return { result: { version, operation: write.operation, metrics: {}, skipped }, snapshot }
  const added = write.actions.filter((action): action is AddFile => action.type === 'add' && action.dataChange)
  return { result: { version, operation: write.operation, metrics }, snapshot, added }
}
