import type { Action } from '../../protocol/actions/action.js'

/** The actions of one commit. */
export interface CommitActions {
  readonly version: number
  readonly actions: readonly Action[]
}
