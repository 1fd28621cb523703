import type { AddFile, Metadata, Protocol, RemoveFile } from '../protocol/actions/action.js'
import { ISOLATION_LEVEL } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { actionsOf, fileActions } from './file-actions.js'
import type { IsolationLevel, PreparedCommit, ReadSet } from './transaction.js'

/** A commit that is not in the log yet, in the terms of the conflict check: what it read and what it changes. */
export interface PendingCommit {
  readonly operation: string
  readonly read: ReadSet
  readonly isolation: IsolationLevel
  /** It read no file and only adds some (or none). */
  readonly isBlindAppend: boolean
  /** The table as the operation saw it. */
  readonly base: Snapshot
  readonly protocol: Protocol | undefined
  readonly metadata: Metadata | undefined
  readonly adds: readonly AddFile[]
  readonly removes: readonly RemoveFile[]
  /** Applications whose transactions it records. */
  readonly appIds: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
}

export function pendingCommit(base: Snapshot, prepared: PreparedCommit): PendingCommit {
  const { actions, read, txn } = prepared
  const appIds = actionsOf(actions, 'txn').map(({ appId }) => appId)
  return {
    operation: prepared.operation,
    read,
    isolation: prepared.isolation ?? defaultIsolation(base, prepared),
    isBlindAppend: isBlindAppend(prepared),
    base,
    protocol: actionsOf(actions, 'protocol')[0],
    metadata: actionsOf(actions, 'metaData')[0],
    adds: actionsOf(actions, 'add'),
    removes: actionsOf(actions, 'remove'),
    appIds: new Set(txn === undefined ? appIds : [...appIds, txn.appId]),
    domains: new Set(actionsOf(actions, 'domainMetadata').map(({ domain }) => domain)),
  }
}

/** The table's own level; commits that only move rows between files need no more than snapshot isolation. */
function defaultIsolation(base: Snapshot, { actions }: PreparedCommit): IsolationLevel {
  const files = fileActions(actions)
  const rearranges = files.length > 0 && files.every((file) => !file.dataChange)
  const changesTable = actions.some(({ type }) => type === 'metaData' || type === 'protocol')
  return rearranges && !changesTable ? 'SnapshotIsolation' : tableProperty(base.metadata, ISOLATION_LEVEL)
}

function isBlindAppend({ actions, read }: PreparedCommit): boolean {
  const readsNothing = read.predicate === undefined && (read.files?.length ?? 0) === 0 && read.wholeTable !== true
  return readsNothing && fileActions(actions).every(({ type }) => type === 'add')
}
