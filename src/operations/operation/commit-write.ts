import type { Snapshot } from '../../snapshot/snapshot.js'
import type { PreparedCommit } from '../../transaction/transaction.js'
import type { OperationOptions } from './operation-options.js'
import type { Written } from './write-result.js'

/** A commit whose metrics are still numbers. */
export interface PreparedWrite extends Omit<PreparedCommit, 'operationMetrics'> {
  readonly metrics: { readonly [name: string]: number }
}

/**
 * Commits what an operation prepared. Delta keeps metrics as strings.
 *
 * @throws the errors of kind `conflict`, CommitStateUnknown
 */
export async function commitWrite(base: Snapshot, write: PreparedWrite, options: OperationOptions): Promise<Written> {
  const { commit } = await import('../../transaction/commit.js')
  const { metrics, ...prepared } = write
  const operationMetrics = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, String(value)]))
  const { version, skipped, snapshot } = await commit(
    base,
    { ...prepared, operationMetrics },
    options.signal === undefined ? {} : { signal: options.signal },
  )
  if (skipped) return { result: { version, operation: write.operation, metrics: {}, skipped }, snapshot }
  return { result: { version, operation: write.operation, metrics }, snapshot }
}
