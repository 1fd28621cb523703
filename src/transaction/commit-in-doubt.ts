import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { CommitOutcome } from '../log/commit-outcome.js'
import type { TableLocation } from '../storage/table-location.js'

/** A try that may have been our commit: a lost reply, or a conflict, which a store reports too when it got our request twice. */
export type UncertainOutcome = Extract<CommitOutcome, { readonly status: 'unknown' | 'conflict' }>

/**
 * What is not known of a commit while it is tried: a request whose reply was lost and that is not in the log may still be on its way, until somebody's commit is seen to
 * stand at its version. One a commit.
 */
export class CommitInDoubt {
  readonly #location: TableLocation
  #outcome: UncertainOutcome | undefined

  constructor(location: TableLocation) {
    this.#location = location
  }

  /** A request for this version was sent, and nothing stands there now. */
  begin(outcome: UncertainOutcome): void {
    this.#outcome = outcome
  }

  /** A commit stands at the version, so that nothing can arrive there any more. */
  end(): void {
    this.#outcome = undefined
  }

  /** What to throw for what ended the commit: CommitStateUnknown if what was sent may still arrive, for all other errors promise that nothing was written. */
  errorOf(error: unknown): unknown {
    if (this.#outcome === undefined || isDeltaError(error, 'CommitStateUnknown')) return error
    const reason = `it is not in the log now, and may still arrive. What ended it: ${errorText(error).replace(/\.$/, '')}`
    return commitStateUnknown(this.#location, this.#outcome, reason, error)
  }
}

/** @param reason ends the sentence "Whether ... is not known: the reply was lost, and ..." */
export function commitStateUnknown(
  location: TableLocation,
  outcome: UncertainOutcome,
  reason: string,
  error?: unknown,
): DeltaError {
  const { version } = outcome
  const cause = outcome.status === 'unknown' ? outcome.cause : undefined
  const lost = cause === undefined ? 'the version was taken' : `the reply was lost (${errorText(cause)})`
  return new DeltaError(
    'CommitStateUnknown',
    `Whether version ${version} of ${location.url} was committed is not known: ${lost}, and ${reason}. Look at the history of the table before you repeat the operation, or repeat it with the same txn.`,
    { cause: error ?? cause, details: { table: location.url, version } },
  )
}
