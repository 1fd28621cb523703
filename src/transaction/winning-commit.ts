import type { Action, AddFile, CommitInfo, Metadata, Protocol, RemoveFile } from '../protocol/actions/action.js'
import { actionsOf } from './file-actions.js'

/** A commit that took a version first, in the terms of the conflict check. */
export interface WinningCommit {
  readonly version: number
  readonly actions: readonly Action[]
  readonly info: CommitInfo | undefined
  /** As its commitInfo says; false where that says nothing. */
  readonly isBlindAppend: boolean
  readonly protocol: Protocol | undefined
  readonly metadata: Metadata | undefined
  readonly adds: readonly AddFile[]
  readonly removes: readonly RemoveFile[]
  readonly appIds: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
}

export function winningCommit(version: number, actions: readonly Action[]): WinningCommit {
  const info = actionsOf(actions, 'commitInfo')[0]
  return {
    version,
    actions,
    info,
    isBlindAppend: info?.isBlindAppend === true,
    protocol: actionsOf(actions, 'protocol')[0],
    metadata: actionsOf(actions, 'metaData')[0],
    adds: actionsOf(actions, 'add'),
    removes: actionsOf(actions, 'remove'),
    appIds: new Set(actionsOf(actions, 'txn').map(({ appId }) => appId)),
    domains: new Set(actionsOf(actions, 'domainMetadata').map(({ domain }) => domain)),
  }
}
