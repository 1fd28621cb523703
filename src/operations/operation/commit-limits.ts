import { DeltaError } from '../../errors/delta-error.js'
import type { CommitOptions } from '../../transaction/transaction.js'
import type { OperationOptions } from './operation-options.js'

/**
 * How a commit may be tried for an operation.
 *
 * @throws InvalidArgument for limits that no try fits in
 */
export function commitOptions({ signal, maxCommitAttempts, commitTimeoutMs }: OperationOptions): CommitOptions {
  if (maxCommitAttempts !== undefined && !(Number.isInteger(maxCommitAttempts) && maxCommitAttempts > 0)) {
    throw unusable('maxCommitAttempts', maxCommitAttempts, 'a whole number above 0')
  }
  if (commitTimeoutMs !== undefined && !(commitTimeoutMs >= 0)) {
    throw unusable('commitTimeoutMs', commitTimeoutMs, 'milliseconds, from 0 on')
  }
  return {
    ...(signal && { signal }),
    ...(maxCommitAttempts !== undefined && { maxAttempts: maxCommitAttempts }),
    ...(commitTimeoutMs !== undefined && { timeoutMs: commitTimeoutMs }),
  }
}

/** The limits of the most patient of some callers that share a commit. */
export function sharedLimits(
  callers: readonly OperationOptions[],
): Pick<OperationOptions, 'maxCommitAttempts' | 'commitTimeoutMs'> {
  const most = (limits: readonly (number | undefined)[]): number | undefined =>
    limits.every((limit) => limit !== undefined) ? Math.max(...limits) : undefined
  return {
    maxCommitAttempts: most(callers.map(({ maxCommitAttempts }) => maxCommitAttempts)),
    commitTimeoutMs: most(callers.map(({ commitTimeoutMs }) => commitTimeoutMs)),
  }
}

function unusable(name: string, value: number, expected: string): DeltaError {
  return new DeltaError('InvalidArgument', `${name} must be ${expected}, not ${value}.`)
}
