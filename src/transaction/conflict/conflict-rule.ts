import type { ErrorCode } from '../../errors/error-code.js'
import type { PendingCommit } from '../pending-commit.js'
import type { WinningCommit } from '../winning-commit.js'

/** Why two commits exclude each other. */
interface Conflict {
  /** Ends the sentence "Version 7 (DELETE) ...". */
  readonly what: string
  /** The file that both are about, as in the log. */
  readonly path?: string
}

/** One row of the conflict matrix of Delta's concurrency control. */
export interface ConflictRule {
  readonly code: Extract<
    ErrorCode,
    | 'ConcurrentAppend'
    | 'ConcurrentDeleteRead'
    | 'ConcurrentDeleteDelete'
    | 'ConcurrentTransaction'
    | 'MetadataChanged'
    | 'ProtocolChanged'
    | 'ConcurrentModification'
  >
  /** What to do, to end the message. */
  readonly help: string
  /** Undefined where the pending commit may follow the winner. Pure. */
  readonly find: (pending: PendingCommit, winner: WinningCommit) => Conflict | undefined
}
