import type { Action } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/** A commit that is in the log. */
export interface LandedCommit {
  /** The table with it. */
  readonly snapshot: Snapshot
  readonly actions: readonly Action[]
}

/** Upkeep after a commit. It cannot fail the commit: what it throws becomes a warning. */
export interface PostCommitHook {
  /** Names the hook in warnings. */
  readonly name: string
  readonly applies: (commit: LandedCommit) => boolean
  readonly run: (commit: LandedCommit, signal?: AbortSignal) => Promise<void>
}
